import { defineEntity, p } from '@mikro-orm/core'
import { Employee } from './organization.ts'

/** A login of one person on one device. Only the SHA-256 of the token is kept. */
const LoginSessionSchema = defineEntity({
  name: 'LoginSession',
  tableName: 'login_session',
  properties: {
    id: p.bigint('number').primary().autoincrement(),
    tokenHash: p.string().length(64).unique(),
    employee: () => p.manyToOne(Employee).index(),
    userAgent: p.string().length(300).default(''),
    createdAt: p.datetime(),
    lastSeenAt: p.datetime(),
    expiresAt: p.datetime(),
    revokedAt: p.datetime().nullable(),
  },
})
export class LoginSession extends LoginSessionSchema.class {}
LoginSessionSchema.setClass(LoginSession)

/** A token by which a program acts as an employee. */
const ApiTokenSchema = defineEntity({
  name: 'ApiToken',
  tableName: 'api_token',
  properties: {
    id: p.integer().primary().autoincrement(),
    tokenHash: p.string().length(64).unique(),
    employee: () => p.manyToOne(Employee).index(),
    name: p.string(),
    createdAt: p.datetime(),
    revokedAt: p.datetime().nullable(),
  },
})
export class ApiToken extends ApiTokenSchema.class {}
ApiTokenSchema.setClass(ApiToken)

/** The answer once given to a POST with this key, given again to the same request. */
const IdempotencyKeySchema = defineEntity({
  name: 'IdempotencyKey',
  tableName: 'idempotency_key',
  properties: {
    employeeId: p.integer().primary(),
    key: p.string().length(255).primary(),
    requestHash: p.string().length(64),
    status: p.integer().nullable(),
    body: p.json<unknown>().nullable(),
    headers: p.json<Record<string, string>>().nullable(),
    createdAt: p.datetime(),
  },
  primaryKeys: ['employeeId', 'key'],
})
export class IdempotencyKey extends IdempotencyKeySchema.class {}
IdempotencyKeySchema.setClass(IdempotencyKey)

/** Who changed which row and how: written by a trigger, so that no code path can forget it. */
const AuditEntrySchema = defineEntity({
  name: 'AuditEntry',
  tableName: 'audit_entry',
  properties: {
    id: p.bigint('number').primary().autoincrement(),
    at: p.datetime().defaultRaw('now()'),
    actorId: p.integer().nullable(),
    door: p.string().default('system'),
    entity: p.string(),
    entityId: p.string(),
    action: p.string().$type<'insert' | 'update' | 'delete'>(),
    before: p.json<Record<string, unknown>>().nullable(),
    after: p.json<Record<string, unknown>>().nullable(),
  },
  indexes: [{ name: 'audit_entry_entity_idx', properties: ['entity', 'entityId', 'id'] }],
})
export class AuditEntry extends AuditEntrySchema.class {}
AuditEntrySchema.setClass(AuditEntry)
