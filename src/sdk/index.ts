/** The public entry of the client: all that a program may import from "uplift/sdk". */
export type { Downloaded, DownloadOptions } from './download.ts'
export {
  DamagedDownload,
  type Failure,
  FileExists,
  RemoteFailures,
  RemoteUnreachable,
  UnexpectedAnswer,
} from './errors.ts'
export { type FileRole, fileRoles, type RequestState, type UpgradeRequest } from './request.ts'
export type { RetryPlan } from './retry.ts'
export type { UploadSource } from './source.ts'
export {
  type Access,
  type Answer,
  type CallOptions,
  Uplift,
  type UpliftOptions,
  type WaitOptions,
  type Wish,
} from './uplift.ts'
export type { TransferProgress, Uploaded } from './upload.ts'
