import swagger from '@fastify/swagger'
import type { FastifyInstance } from 'fastify'
import { jsonSchemaTransform, serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod'
import { productVersion } from '../cli/product.ts'
import type { Pages } from '../pages/page.ts'
import type { ApiDeps } from './deps.ts'
import { referencePage } from './reference-page.ts'

/** `/openapi.json`, made from the schemas of all routes that are registered after this, and a page to read it at `/api`. */
export async function registerOpenApi(
  app: FastifyInstance,
  { baseUrl }: ApiDeps,
  pages: Pages,
): Promise<void> {
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Uplift',
        version: await productVersion(),
        description:
          'Upgrades of databases of OpenERP and Odoo. A call that was understood answers with 200 and the list of its failures, which is empty when all went well; other statuses are of the transport, and carry failures too.',
      },
    },
    transform: jsonSchemaTransform,
  })
  app.get('/openapi.json', { schema: { hide: true } }, async (_request, reply) =>
    reply
      .type('application/json')
      .serializer(JSON.stringify)
      .send({ ...app.swagger(), servers: [{ url: baseUrl() }] }),
  )
  app.get('/api', { schema: { hide: true } }, (request, reply) =>
    pages.send(request, reply, 200, referencePage(app.swagger())),
  )
}
