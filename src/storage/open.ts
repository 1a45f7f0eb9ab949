import type { Settings } from '../config/settings.ts'
import { DiskStorage } from './disk.ts'
import { S3Storage } from './s3/s3.ts'
import type { Storage } from './storage.ts'

/** The storage that the settings name. Nothing is touched yet: `check()` says whether it works. */
export function openStorage({ storage }: Pick<Settings, 'storage'>): Storage {
  return storage.kind === 'disk' ? new DiskStorage(storage.folder) : new S3Storage(storage)
}
