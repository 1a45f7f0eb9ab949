import type { Settings } from '../config/settings.ts'
import { UpliftError } from '../errors.ts'
import { DiskStorage } from './disk.ts'
import type { Storage } from './storage.ts'

/** The storage that the settings name. Nothing is touched yet: `check()` says whether it works. */
export function openStorage({ storage }: Pick<Settings, 'storage'>): Storage {
  if (storage.kind === 's3') throw new UpliftError('CONFIG:INVALID', 'UPLIFT_STORAGE takes "disk" only.')
  return new DiskStorage(storage.folder)
}
