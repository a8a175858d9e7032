import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { StartError } from '../../db/embedded/start-error.ts'

/** How long requests under way are given at the end. */
const drainMs = 3_000
const lookMs = 25

export interface Listening {
  readonly server: Server
  /** The port really used; differs from the setting when that is 0. */
  readonly port: number
  /** Takes no new connections, ends event streams (browsers come back by themselves), lets requests under way finish, at most 3 s. */
  close(): Promise<void>
}

/**
 * Opens the HTTP server.
 * In: `handler`, such as Koa's app.callback(). Errors: StartError naming PORT or HOST when the address cannot be had.
 */
export async function listen(
  handler: RequestListener,
  { port, host }: { readonly port: number; readonly host: string },
): Promise<Listening> {
  const open = new Set<ServerResponse>()
  const server = createServer((request, response) => {
    open.add(response)
    response.once('close', () => open.delete(response))
    // At the end a connection that is kept busy must not keep the server.
    if (!server.listening) response.setHeader('Connection', 'close')
    handler(request, response)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(explain(error, port, host)))
    server.listen(port, host, resolve)
  })
  return { server, port: (server.address() as AddressInfo).port, close: () => drain(server, open) }
}

function explain(error: NodeJS.ErrnoException, port: number, host: string): unknown {
  switch (error.code) {
    case 'EADDRINUSE':
      return new StartError(
        `PORT ${port} is already in use on ${host}. Stop the program that uses it, or start with another: PORT=${port + 1} npm start`,
      )
    case 'EACCES':
      return new StartError(`PORT ${port} needs rights this user does not have. Set PORT to a number above 1023.`)
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new StartError(
        `HOST ${host} is not an address of this machine. Use 127.0.0.1 (only here) or 0.0.0.0 (all networks).`,
      )
    default:
      return error
  }
}

async function drain(server: Server, open: ReadonlySet<ServerResponse>): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  for (const response of open) if (isEventStream(response)) response.end()
  const look = setInterval(() => server.closeIdleConnections(), lookMs)
  const limit = setTimeout(() => server.closeAllConnections(), drainMs)
  await closed
  clearInterval(look)
  clearTimeout(limit)
}

function isEventStream(response: ServerResponse): boolean {
  return String(response.getHeader('Content-Type')).startsWith('text/event-stream')
}
