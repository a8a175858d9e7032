import { once } from 'node:events'
import type { Socket } from 'node:net'
import type pg from 'pg'

/** The part of the driver's connection that a COPY speaks to. */
type Wire = {
  readonly stream: Socket
  query(text: string): void
  sendCopyFromChunk(chunk: Buffer): void
  endCopyFrom(): void
  sendCopyFail(message: string): void
}

/** What the driver calls on a query under way; everything that a COPY does not need is left alone. */
abstract class CopyQuery {
  readonly #text: string
  constructor(text: string) {
    this.#text = text
  }
  submit(wire: Wire): void {
    wire.query(this.#text)
  }
  handleCommandComplete(): void {}
  abstract handleReadyForQuery(): void
  abstract handleError(error: Error): void
}

/** So many bytes may wait for the reader before the server is held up. */
const mostHeld = 1_048_576

class CopyOut extends CopyQuery {
  readonly #queue: Buffer[] = []
  #held = 0
  #ended = false
  #failed: Error | null = null
  #wire: Wire | null = null
  #wake: () => void = () => {}
  override submit(wire: Wire): void {
    this.#wire = wire
    super.submit(wire)
  }
  handleCopyData({ chunk }: { readonly chunk: Buffer }): void {
    this.#queue.push(Buffer.from(chunk))
    this.#held += chunk.length
    if (this.#held > mostHeld) this.#wire?.stream.pause()
    this.#wake()
  }
  handleReadyForQuery(): void {
    this.#ended = true
    this.#wake()
  }
  handleError(error: Error): void {
    this.#failed = error
    this.#wake()
  }
  async *rows(): AsyncGenerator<Buffer> {
    for (;;) {
      if (this.#failed) throw this.#failed
      if (this.#queue.length > 0) {
        const pieces = Buffer.concat(this.#queue.splice(0))
        this.#held = 0
        this.#wire?.stream.resume()
        yield pieces
      } else if (this.#ended) return
      else
        await new Promise<void>((resolve) => {
          this.#wake = resolve
        })
    }
  }
}

class CopyIn extends CopyQuery {
  readonly done = Promise.withResolvers<void>()
  readonly #chunks: AsyncIterable<Buffer>
  #failed: unknown
  constructor(text: string, chunks: AsyncIterable<Buffer>) {
    super(text)
    this.#chunks = chunks
  }
  handleCopyInResponse(wire: Wire): void {
    this.#send(wire).catch((error: unknown) => {
      this.#failed = error
      wire.sendCopyFail('the source failed')
    })
  }
  async #send(wire: Wire): Promise<void> {
    for await (const chunk of this.#chunks) {
      wire.sendCopyFromChunk(chunk)
      if (wire.stream.writableNeedDrain) await once(wire.stream, 'drain')
    }
    wire.endCopyFrom()
  }
  handleReadyForQuery(): void {
    this.done.resolve()
  }
  handleError(error: Error): void {
    this.done.reject(this.#failed ?? error)
  }
}

/** Reads the rows of a COPY … TO STDOUT as the server sends them, no faster than they are taken. */
export function copyOut(client: pg.Client, text: string): AsyncGenerator<Buffer> {
  const query = new CopyOut(text)
  client.query(query as never)
  return query.rows()
}

/** Sends the chunks to a COPY … FROM STDIN. @throws what the source or the server says */
export function copyIn(client: pg.Client, text: string, chunks: AsyncIterable<Buffer>): Promise<void> {
  const query = new CopyIn(text, chunks)
  client.query(query as never)
  return query.done.promise
}
