import { Migrator } from '@mikro-orm/migrations'
import { MikroORM } from '@mikro-orm/postgresql'
import pg from 'pg'
import { ApiToken, AuditEntry, IdempotencyKey, LoginSession } from './entities/access.ts'
import { Contact, Counterparty } from './entities/counterparty.ts'
import { ExchangeRate } from './entities/currency.ts'
import { Dashboard, StartPage } from './entities/dashboard.ts'
import { Deal, DealEvent, DealParticipant, ProcessRun, StatusVisit } from './entities/deal.ts'
import { DealDocument, DealTypeDocument, DocumentType, Payment, StoredFile } from './entities/document.ts'
import { ForecastLearned, ForecastSnapshot } from './entities/forecast.ts'
import { ImportBatch } from './entities/import-batch.ts'
import { CalendarDay, Department, DictionaryStamp, Employee, Organization } from './entities/organization.ts'
import {
  CustomField,
  DealType,
  DealTypeProcess,
  ProcessTemplate,
  ProcessTemplateVersion,
  Stage,
  StageTransition,
  Status,
} from './entities/process.ts'
import { ReportDelivery, ReportFileEntity, ReportOrder, ReportSchedule, ReportShare } from './entities/report.ts'
import { CalendarRound, CalendarTold, RuleFiring, StatusRuleEntity } from './entities/rules.ts'
import {
  BotButton,
  BotCard,
  BotDialog,
  NoticeSettings,
  OutboxMessage,
  TelegramLink,
  TelegramLinkCode,
  TelegramUpdate,
} from './entities/telegram.ts'
import { DealTask, StageApproval } from './entities/work.ts'
import { PlanKeepingClient } from './kept-plans.ts'
import { migrations } from './migrations/index.ts'

export type Orm = MikroORM
export type Em = MikroORM['em']

/** Kept by SQL alone: no row of theirs ever becomes an entity. */
const cubeTables = [
  'funnel_cube',
  'funnel_class',
  'funnel_class_pack',
  'funnel_deal',
  'funnel_delta',
  'funnel_cell',
  'funnel_mark',
  'funnel_move',
  'funnel_stand',
  'funnel_rung',
  'funnel_trace',
  'funnel_flow',
  'funnel_touched',
]

const entities = [
  Organization,
  Department,
  Employee,
  LoginSession,
  ApiToken,
  IdempotencyKey,
  AuditEntry,
  Counterparty,
  Contact,
  Status,
  ProcessTemplate,
  ProcessTemplateVersion,
  Stage,
  StageTransition,
  DealType,
  Deal,
  DealParticipant,
  ProcessRun,
  StatusVisit,
  DealEvent,
  TelegramLink,
  TelegramLinkCode,
  TelegramUpdate,
  BotButton,
  BotDialog,
  BotCard,
  OutboxMessage,
  NoticeSettings,
  ImportBatch,
  CalendarDay,
  CustomField,
  DealTypeProcess,
  DocumentType,
  DealTypeDocument,
  StoredFile,
  DealDocument,
  Payment,
  StatusRuleEntity,
  RuleFiring,
  CalendarRound,
  CalendarTold,
  DealTask,
  StageApproval,
  ExchangeRate,
  ForecastLearned,
  ForecastSnapshot,
  DictionaryStamp,
  ReportFileEntity,
  ReportShare,
  ReportSchedule,
  ReportOrder,
  ReportDelivery,
  Dashboard,
  StartPage,
]

/**
 * Connects to PostgreSQL (15 or later).
 * @param url connection string. @param poolSize most connections at once.
 */
export async function openOrm(url: string, poolSize = 20): Promise<Orm> {
  return MikroORM.init({
    entities,
    clientUrl: url,
    pool: { min: 0, max: poolSize },
    extensions: [Migrator],
    migrations: { migrationsList: migrations, snapshot: false, tableName: 'migration', transactional: true, silent: true },
    forceUtcTimezone: true,
    driverOptions: { types: plainTypes(), Client: PlanKeepingClient },
    schemaGenerator: {
      ignoreSchema: ['pgboss'],
      skipTables: ['migration', 'rate_limit', ...cubeTables],
      skipViews: ['funnel_summary'],
    },
    debug: false,
  })
}

/**
 * How values arrive from `selectRows`, which no entity maps: instants as Date, bigint as number (as text where a number would not be exact),
 * days as `YYYY-MM-DD`. Entities read the same.
 */
function plainTypes(): pg.CustomTypesConfig {
  const types = new pg.TypeOverrides()
  const { DATE, INT8, TIMESTAMPTZ } = pg.types.builtins
  types.setTypeParser(TIMESTAMPTZ, (text: string) => pg.types.getTypeParser(TIMESTAMPTZ)(text) as unknown)
  types.setTypeParser(INT8, (text: string) => (Number.isSafeInteger(Number(text)) ? Number(text) : text))
  types.setTypeParser(DATE, (text: string) => text)
  return types
}

/** Brings the schema up to date. Two processes at once: the second waits for the first. @returns names of the migrations run. */
export async function migrate(orm: Orm): Promise<string[]> {
  const done = await orm.migrator.up()
  return done.map((migration) => migration.name)
}
