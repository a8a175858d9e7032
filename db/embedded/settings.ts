import { statfsSync } from 'node:fs'

/** What the cluster is for: `durable` keeps every acknowledged change through a crash, `scratch` (tests) is fast and thrown away. */
export type Purpose = 'durable' | 'scratch'

const common = {
  listen_addresses: '127.0.0.1',
  // No socket file: its path may hold 107 bytes only, and every client understands host and port.
  unix_socket_directories: '',
  shared_buffers: '128MB',
  effective_cache_size: '1GB',
  work_mem: '8MB',
  maintenance_work_mem: '128MB',
  max_wal_size: '1GB',
  huge_pages: 'off',
  jit: 'off',
  random_page_cost: '1.1',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_checkpoints: 'off',
  // Statements may carry people's data; the error and its place are enough.
  log_min_error_statement: 'panic',
  log_line_prefix: '%m [%p] ',
}

const byPurpose: Record<Purpose, Record<string, string>> = {
  durable: { max_connections: '60', fsync: 'on', synchronous_commit: 'on', wal_compression: 'on' },
  scratch: {
    max_connections: '200',
    fsync: 'off',
    synchronous_commit: 'off',
    full_page_writes: 'off',
    // The small log must not cost a checkpoint for each database cloned from a template.
    wal_level: 'minimal',
    max_wal_senders: '0',
  },
}

/** The `-c` arguments of the server. In: the TCP port to listen on, and settings that go before those of the purpose. */
export function serverArguments(purpose: Purpose, port: number, given: Readonly<Record<string, string>>): string[] {
  const settings = { ...common, ...byPurpose[purpose], ...sharedMemory(), ...given, port: String(port) }
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
}

const parallelQueryNeeds = 256 * 1024 * 1024

/** Containers often have 64 MB of /dev/shm, too little for a parallel query: such a server uses files of its data folder. */
function sharedMemory(): Record<string, string> {
  if (process.platform !== 'linux') return {}
  try {
    const { bavail, bsize } = statfsSync('/dev/shm')
    if (bavail * bsize >= parallelQueryNeeds) return {}
  } catch {
    // No /dev/shm at all.
  }
  return { dynamic_shared_memory_type: 'mmap' }
}
