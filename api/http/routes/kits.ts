import { NoInput } from '../../../shared/schemas/directory.ts'
import { ShowKit } from '../../../shared/schemas/kits.ts'
import { presentKit, presentKits } from '../../presenters/kits.ts'
import { installKit } from '../../usecases/kits/install-kit.ts'
import { listKits } from '../../usecases/kits/list-kits.ts'
import { endpoint, type Route } from '../endpoint.ts'

export const kitRoutes: readonly Route[] = [
  endpoint('GET', '/kits', NoInput, listKits, presentKits, { summary: 'Starter kits: whole ways of working, ready to install' }),
  endpoint('POST', '/kits/:code/install', ShowKit, installKit, presentKit, {
    summary: 'Install a starter kit: a deal type with its process, fields, documents, statuses and rules',
    status: 201,
  }),
]
