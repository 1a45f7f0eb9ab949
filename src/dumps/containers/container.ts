/** One file inside a zip, a tar or a folder. */
export interface Member {
  /** Path with "/" between its parts, checked: relative, without "." and "..". */
  name: string
  bytes: number
  /** Its content, checked against what the container says of it; may be called once where there is only one pass. */
  pieces(): AsyncGenerator<Buffer, void>
}

/** A file or folder that holds several files, one of which is the dump. */
export interface Container {
  word: 'zip' | 'tar' | 'directory'
  /** All files in their order. Where `index` is null, one can only be read before the next is asked for. */
  members(): AsyncGenerator<Member, void>
  /** Files outside of any filestore/ folder by name; null when the container can only be read in one pass. */
  index: ReadonlyMap<string, Member> | null
  /** Bytes on disk, to judge by how far it unpacks. */
  fileBytes: number
  close(): Promise<void>
}

/** Files of a filestore are attachments: there may be millions, and no dump is among them. */
export function inFilestore(name: string): boolean {
  return name.startsWith('filestore/') || name.includes('/filestore/')
}

/** A container with more files outside of its filestore holds no dump. */
export const MAX_INDEXED = 1_000_000
