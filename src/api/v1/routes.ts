import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Spool } from '../uploads/spool.ts'
import type { Answer, Calls } from './call.ts'
import { create } from './create.ts'
import { type Parameters, readParameters } from './parameters.ts'
import { process } from './process.ts'
import { accessSchema, answerSchema, createSchema, failuresSchema } from './schemas.ts'
import { status } from './status.ts'
import { upload } from './upload.ts'

const FORMS = ['application/x-www-form-urlencoded', 'multipart/form-data', 'application/json']

declare module 'fastify' {
  interface FastifyRequest {
    /** The type of the body as the client says it. */
    givenType: string | undefined
  }
}

/** The four methods of the document, for GET, POST and HEAD; HEAD checks and changes nothing. */
export function registerMethods(
  app: FastifyInstance,
  calls: Calls,
  spool: Spool,
  onUpload: (bytes: number) => void,
): void {
  takeAnyBody(app)
  const createParameters = createSchema(calls.deps.targets)
  const small = (work: (call: FastifyRequest, parameters: Parameters) => Promise<Answer>) => {
    return async (call: FastifyRequest, reply: FastifyReply) => {
      calls.expectations.goOn(call.raw)
      return answer(reply, await work(call, await readParameters(call.raw, call.givenType)))
    }
  }
  const method = (
    name: string,
    texts: { summary: string; description: string },
    schemas: { parameters: z.ZodObject; body?: object; answer: z.ZodObject },
    handler: (call: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>,
  ) => {
    const url = `/database/v1/${name}`
    const shared = { ...texts, tags: ['Upgrade requests'], response: { 200: schemas.answer } }
    const byGet = { ...shared, operationId: `${name}ByGet`, querystring: schemas.parameters }
    app.route({ method: 'GET', url, exposeHeadRoute: false, schema: byGet, handler })
    app.route({ method: 'HEAD', url, schema: { hide: true }, handler })
    app.route({
      method: 'POST',
      url,
      schema: {
        ...shared,
        operationId: name,
        ...(schemas.body ?? { body: schemas.parameters, consumes: FORMS }),
      },
      handler,
    })
  }
  method(
    'create',
    {
      summary: 'Creates a request',
      description: 'Tells the id and the private key that all other calls need.',
    },
    { parameters: createParameters, answer: answerSchema },
    small((call, parameters) => create(calls, createParameters, call, parameters)),
  )
  method(
    'upload',
    {
      summary: 'Uploads the dump',
      description: 'The body is the dump, in any form. A second upload takes the place of the first.',
    },
    {
      parameters: accessSchema,
      body: {
        querystring: accessSchema,
        body: z.string().describe('The bytes of the dump.'),
        consumes: ['application/octet-stream', 'multipart/form-data'],
      },
      answer: failuresSchema,
    },
    async (call, reply) => answer(reply, await upload(calls, spool, call, call.givenType, onUpload)),
  )
  method(
    'process',
    {
      summary: 'Starts the upgrade',
      description: 'Queues the upgrade of the uploaded dump and answers at once.',
    },
    { parameters: accessSchema, answer: failuresSchema },
    small((call, parameters) => process(calls, call, parameters)),
  )
  method(
    'status',
    { summary: 'Tells how a request stands', description: 'Tells all that is known of a request.' },
    { parameters: accessSchema, answer: answerSchema },
    small((call, parameters) => status(calls, call, parameters)),
  )
}

/**
 * Bodies are read by the methods themselves, from the connection: fastify would refuse types that are no well-formed
 * ones, and parse what a method takes as it is. Schemas are there to describe; what they say is checked as failures.
 */
function takeAnyBody(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, _payload, done) => done(null))
  app.setValidatorCompiler(() => () => true)
  app.setSerializerCompiler(() => JSON.stringify)
  app.decorateRequest('givenType', undefined)
  app.addHook('onRequest', async (request) => {
    const { headers } = request.raw
    request.givenType = headers['content-type']
    if (headers['content-type'] !== undefined) headers['content-type'] = 'application/octet-stream'
  })
}

function answer(reply: FastifyReply, { failures, request }: Answer): FastifyReply {
  return reply.type('application/json').send(request === undefined ? { failures } : { failures, request })
}
