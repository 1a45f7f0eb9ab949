import { afterEach, beforeEach } from 'vitest'
import { Uplift, type Wish } from '../../src/sdk/index.ts'
import { Platform } from './platform.ts'

export const wish: Wish = {
  contract: 'M123456-abcdef',
  email: 'john.doe@example.com',
  target: '8.0',
  aim: 'test',
  filename: 'db_name.dump',
}

/** A platform for each test, and a client of it that does not wait long. */
export function platformSuite(): {
  readonly platform: Platform
  readonly client: Uplift
  /** A request that was made and, where asked, is done. */
  made(state?: 'draft' | 'done'): Promise<{ request: number; key: string }>
} {
  let platform: Platform
  let client: Uplift
  beforeEach(async () => {
    platform = await new Platform().start()
    client = new Uplift({ url: platform.url, retry: { attempts: 3, pause: 1 } })
  })
  afterEach(() => platform.stop())
  return {
    get platform() {
      return platform
    },
    get client() {
      return client
    },
    async made(state = 'draft') {
      const { request } = await client.create(wish)
      platform.requests.get(request.id)!.state = state
      return { request: request.id, key: request.key }
    },
  }
}
