import { defineConfig } from 'vitest/config'

// Suites talk to one real PostgreSQL: two workers match the two cores that the product is tuned for.
export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    globalSetup: ['test/setup/cluster.ts'],
    testTimeout: 120_000,
    hookTimeout: 180_000,
    maxWorkers: 2,
  },
})
