-- Amounts in the organisation's currency: dated rates, and on every deal what it comes to by them.

-- Units of the base currency per unit of the currency, from this day on until the next row's. Days are those of the organisation's time zone.
create table exchange_rate (
  currency varchar(3) not null check (currency ~ '^[A-Z]{3}$'),
  valid_from date not null,
  rate numeric(20, 10) not null check (rate > 0),
  primary key (currency, valid_from)
);

-- Null: no rate is known for the day that counts, so the deal is counted and its money is missing. Kept by triggers alone.
alter table deal add column base_amount_minor bigint null;

-- Decimals of a currency's minor unit (ISO 4217), as shared/domain/money.ts has them.
create function minor_digits(currency varchar) returns int language sql immutable as $$
  select case
    when currency in ('BIF', 'CLP', 'DJF', 'GNF', 'ISK', 'JPY', 'KMF', 'KRW', 'PYG', 'RWF', 'UGX', 'UYI', 'VND', 'VUV', 'XAF', 'XOF', 'XPF') then 0
    when currency in ('BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND') then 3
    when currency in ('CLF', 'UYW') then 4
    else 2 end
$$;

-- The instant whose day decides the rate: the deal's last entry into a won status, or into the lost one it stands in; null while it is open.
-- Won: it stands in a milestone or further on. One that went round every milestone was won when it first came behind one.
create function deal_closed_at(of_deal bigint, in_status int, since timestamptz) returns timestamptz language plpgsql stable as $$
declare
  category text;
  is_won boolean;
  rank int;
  milestone int;
begin
  select s.category, s.is_won, s.rank into category, is_won, rank
    from status own join status s on s.id = coalesce(own.merged_into_id, own.id) where own.id = in_status;
  if category = 'lost' or is_won then return since; end if;
  select min(s.rank) into milestone from status s where s.is_won and s.merged_into_id is null and s.category <> 'lost';
  if milestone is null or rank < milestone then return null; end if;
  return coalesce((
    select coalesce(max(v.entered_at) filter (where s.is_won), min(v.entered_at))
      from status_visit v join status own on own.id = v.status_id join status s on s.id = coalesce(own.merged_into_id, own.id)
      where v.deal_id = of_deal and v.voided_at is null and s.category <> 'lost' and s.rank >= milestone), since);
end $$;

-- What an amount comes to in the base currency: at the rate of the day it was closed, or at the newest one. Half a minor unit is rounded away from zero.
create function base_amount(amount_minor bigint, of_currency varchar, closed_at timestamptz) returns bigint language sql stable as $$
  select case when of_currency = o.base_currency then amount_minor else (
    select case when exact < 9007199254740991.5 then round(exact)::bigint end from (
      select amount_minor * r.rate * (10::numeric ^ (minor_digits(o.base_currency) - minor_digits(of_currency))) as exact
        from exchange_rate r where r.currency = of_currency
          and (closed_at is null or r.valid_from <= (closed_at at time zone o.time_zone)::date)
        order by r.valid_from desc limit 1) converted) end
  from organization o where o.id = 1
$$;

create function keep_base_amount() returns trigger language plpgsql as $$
begin
  if new.currency = (select base_currency from organization where id = 1) then
    new.base_amount_minor := new.amount_minor;
  else
    new.base_amount_minor := base_amount(new.amount_minor, new.currency, deal_closed_at(new.id, new.status_id, new.status_since));
  end if;
  return new;
end $$;
-- Only what the amount depends on: what writes the amount itself does not come here again.
create trigger deal_base_amount before insert or update of amount_minor, currency, status_id, status_since on deal
  for each row execute function keep_base_amount();

-- All deals of these currencies again, in one statement. A deal's version does not grow: nobody changed it.
create function convert_deals(currencies varchar[]) returns void language sql as $$
  update deal set base_amount_minor = fresh.amount
    from (select d.id, base_amount(d.amount_minor, d.currency, deal_closed_at(d.id, d.status_id, d.status_since)) as amount
      from deal d where d.currency = any(currencies)) as fresh
    where deal.id = fresh.id and deal.base_amount_minor is distinct from fresh.amount
$$;
create index deal_currency_index on deal (currency);
-- Few, and asked for with every figure.
create index deal_without_rate on deal (id) where base_amount_minor is null;

create function convert_by_new_rates() returns trigger language plpgsql as $$
begin
  perform convert_deals(array(select distinct currency from new_rates));
  return null;
end $$;
create function convert_by_old_rates() returns trigger language plpgsql as $$
begin
  perform convert_deals(array(select distinct currency from old_rates));
  return null;
end $$;
create trigger exchange_rate_added after insert on exchange_rate referencing new table as new_rates
  for each statement execute function convert_by_new_rates();
create trigger exchange_rate_corrected after update on exchange_rate referencing new table as new_rates
  for each statement execute function convert_by_new_rates();
create trigger exchange_rate_removed after delete on exchange_rate referencing old table as old_rates
  for each statement execute function convert_by_old_rates();

-- Another milestone, or another order of the statuses: other deals are won.
create function convert_by_statuses() returns trigger language plpgsql as $$
begin
  perform convert_deals(array(select distinct currency from exchange_rate));
  return null;
end $$;
create trigger status_moves_base_amounts after update of is_won, category, rank, merged_into_id on status
  for each statement execute function convert_by_statuses();

-- Stays that come after their deal, as an import writes them, and stays that are voided. Most companies know one currency and no rate.
create function convert_by_visits() returns trigger language plpgsql as $$
begin
  if not exists (select 1 from exchange_rate) then return null; end if;
  update deal set base_amount_minor = fresh.amount
    from (select d.id, base_amount(d.amount_minor, d.currency, deal_closed_at(d.id, d.status_id, d.status_since)) as amount
      from deal d where d.id in (select deal_id from new_visits) and d.currency <> (select base_currency from organization where id = 1)) as fresh
    where deal.id = fresh.id and deal.base_amount_minor is distinct from fresh.amount;
  return null;
end $$;
create trigger status_visit_moves_base_amount after insert on status_visit referencing new table as new_visits
  for each statement execute function convert_by_visits();

create function convert_by_voided_visit() returns trigger language plpgsql as $$
begin
  if not exists (select 1 from exchange_rate) then return null; end if;
  update deal set base_amount_minor = base_amount(amount_minor, currency, deal_closed_at(id, status_id, status_since))
    where id = new.deal_id and currency <> (select base_currency from organization where id = 1)
      and base_amount_minor is distinct from base_amount(amount_minor, currency, deal_closed_at(id, status_id, status_since));
  return null;
end $$;
create trigger status_visit_voided_moves_base_amount after update of voided_at on status_visit
  for each row execute function convert_by_voided_visit();

-- As before, but without what triggers reckon by themselves; rates are named by currency and day.
create or replace function write_audit() returns trigger language plpgsql as $$
declare
  old_row jsonb := case when tg_op = 'INSERT' then '{}'::jsonb else to_jsonb(old) - array['password_hash', 'token_hash', 'refused_file', 'base_amount_minor'] end;
  new_row jsonb := case when tg_op = 'DELETE' then '{}'::jsonb else to_jsonb(new) - array['password_hash', 'token_hash', 'refused_file', 'base_amount_minor'] end;
  before_part jsonb;
  after_part jsonb;
  whole jsonb := old_row || new_row;
  -- Rows without an id are named by what links them.
  row_id text := coalesce(whole ->> 'id', concat_ws('/', whole ->> 'deal_id', whole ->> 'employee_id', whole ->> 'deal_type_id', whole ->> 'process_template_id', whole ->> 'document_type_id', whole ->> 'day',
    whole ->> 'currency', whole ->> 'valid_from'));
begin
  if tg_op = 'UPDATE' then
    select coalesce(jsonb_object_agg(o.key, o.value), '{}'), coalesce(jsonb_object_agg(o.key, n.value), '{}') into before_part, after_part
      from jsonb_each(old_row) o join jsonb_each(new_row) n using (key) where o.value is distinct from n.value;
    if to_jsonb(old) ->> 'password_hash' is distinct from to_jsonb(new) ->> 'password_hash' then
      after_part := after_part || '{"password": "changed"}';
    end if;
    if before_part = '{}' and after_part = '{}' then return null; end if;
  else
    before_part := nullif(old_row, '{}');
    after_part := nullif(new_row, '{}');
  end if;
  insert into audit_entry (actor_id, door, entity, entity_id, action, before, after)
  values (nullif(current_setting('voronka.actor', true), '')::int, coalesce(nullif(current_setting('voronka.door', true), ''), 'system'),
    tg_table_name, row_id, lower(tg_op), before_part, after_part);
  return null;
end $$;
create trigger exchange_rate_audit after insert or update or delete on exchange_rate for each row execute function write_audit();

-- What is there is in the base currency, but for slips that the check of the database would have named.
update deal set base_amount_minor = amount_minor where currency = (select base_currency from organization where id = 1);
