// The contract of the service, as the page reads it (pbx/api: page.rs, live.rs, board.rs, catalogue/mod.rs, call.rs).
// Ids are numbers, times epoch milliseconds, money micro-yuan.

export type Lang = "zh-CN" | "en";
export type Texts = Record<string, string>;
export type Values = Record<string, string>;

export interface RefusalText {
  code: string;
  text: string;
}

export interface Session {
  company: string;
  company_name: string;
  seat: number;
  extension: string;
  account: string;
  name: string;
  role: string;
  permissions: string[];
  demo: boolean;
  lang: Lang;
  /** IANA name, the company's: every time of day is shown in it. */
  zone: string;
}

export interface Home {
  balance?: number;
  charges_by_day?: [string, number][];
  last_login: number | null;
  new_customers_today: number;
  new_activities_today: number;
  my_campaigns: number;
  calls_by_hour: number[];
  answered_by_hour: number[];
}

export interface Row {
  id: number;
  cells: Values;
  actions?: string[];
}
export interface ListReply {
  rows: Row[];
  total: number;
  page: number;
  size: number;
}
export interface RowReply {
  id: number;
  values: Values;
}
export interface Created {
  id: number;
}
export interface ActionReply {
  done: number;
  refused?: [number, RefusalText][];
}
export interface Choice {
  value: string;
  label: string;
}

export interface RejectSample {
  line: number;
  raw: string;
  kind: "duplicate" | "bad" | "blocked";
  reason: RefusalText;
}
export interface ImportStatus {
  batch: number;
  stage: "reading" | "storing" | "done" | "refused";
  encoding: string;
  separator: string;
  bytes_read: number;
  bytes_total: number;
  rows: number;
  added: number;
  duplicate: number;
  bad: number;
  blocked: number;
  samples?: RejectSample[];
  refusal?: RefusalText;
}

/** 600 pairs (min, max) a lane, -127..=127. */
export interface Peaks {
  seconds: number;
  callee: [number, number][];
  agent: [number, number][];
}

export interface ActivityRequest {
  call: number;
  visit_type: string;
  disposition: string;
  content: string;
  card: Values;
  then_idle: boolean;
}

// catalogue

export type Kind =
  | "text" | "long_text" | "number" | "money" | "date_time" | "span" | "date" | "duration" | "phone"
  | "select" | "choices" | "permissions" | "yes_no" | "password" | "file" | "percent" | "audio";
export type Place = "toolbar" | "selection" | "row";

export interface ColumnView {
  id: string;
  title: string;
  kind: Kind;
  /** Display columns in the console; a Han character is two. */
  width: number;
}
export interface FilterView {
  id: string;
  title: string;
  kind: Kind;
  choices: Choice[];
  options_from: string | null;
}
export interface FieldView extends FilterView {
  required: boolean;
  /** 0 = by kind. */
  max_chars: number;
  default: string;
  fixed: boolean;
  advanced: boolean;
}
export interface ActionView {
  id: string;
  title: string;
  place: Place;
  confirm: boolean;
}
export interface PageView {
  id: string;
  menu: string;
  menu_title: string;
  title: string;
  columns: ColumnView[];
  filters: FilterView[];
  form: FieldView[];
  actions: ActionView[];
  view?: string;
}

// live

export interface Quality {
  rtt_ms: number;
  jitter_ms: number;
  loss_permille: number;
}

export type Command =
  | { cmd: "ping"; quality?: Quality | null }
  | { cmd: "sign_in" | "sign_out" | "idle" | "wrap_more" | "answer" | "reject" | "hang_up" }
  | { cmd: "busy"; reason: string }
  | { cmd: "auto_answer"; on: boolean }
  | { cmd: "dial"; number: string }
  | { cmd: "dtmf"; key: string }
  | { cmd: "watch_board"; on: boolean };

export type SeatState = "signed_out" | "idle" | "busy" | "ringing" | "talking" | "wrap_up" | "lost";

export interface SeatView {
  seat: number;
  state: SeatState;
  reason?: string;
  since: number;
  until?: number;
  auto_answer: boolean;
  phone: boolean;
  call?: number;
  after_call?: SeatState;
  today_calls: number;
  today_talk_s: number;
}

export type CallKind = "outbound" | "campaign" | "preview";

export interface Pop {
  call: number;
  kind: CallKind;
  number: string;
  campaign?: string;
  customer?: number;
  card: Values;
}

export interface CallOver {
  call: number;
  state: string;
  talk_s: number;
}

export type ServerMsg =
  | { msg: "reply"; req: number; refusal?: RefusalText }
  | ({ msg: "seat" } & SeatView)
  | ({ msg: "pop" } & Pop)
  | ({ msg: "call_over" } & CallOver)
  | ({ msg: "board" } & BoardMsg)
  | ({ msg: "import" } & ImportStatus)
  | { msg: "changed"; page: string }
  | { msg: "message"; from: string; text: string; at: number }
  | ({ msg: "toast" } & RefusalText)
  | ({ msg: "bye" } & RefusalText);

// board

export interface Totals {
  company: string;
  demo: boolean;
  balance: number;
  held: number;
  unlimited: boolean;
  dialled: number;
  answered: number;
  to_agent: number;
  abandoned: number;
  charged: number;
  channels: number;
  channels_max: number;
  dialled_by_hour: number[];
  answered_by_hour: number[];
  queued: number;
  queued_oldest_ms: number;
}
export interface CampaignRow {
  id: number;
  name: string;
  status: "ready" | "running" | "paused" | "finished";
  why: string;
  total: number;
  dialled: number;
  answered: number;
  to_agent: number;
  abandoned: number;
  in_flight: number;
  round: number;
}
export interface TrunkRow {
  id: number;
  name: string;
  up: boolean;
  simulated: boolean;
  channels: number;
  channels_max: number;
  attempts: number;
  answers: number;
  pdd_ms: number;
  fault?: string;
}
export interface CallRow {
  id: number;
  kind: CallKind;
  stage: "dialling" | "ringing" | "script" | "queued" | "talking";
  since: number;
  seat: number | null;
  campaign: string | null;
  trunk: string;
  number: string;
  name: string;
}
export interface SeatRow {
  id: number;
  extension: string;
  name: string;
  department: string;
  state: SeatState;
  reason: string | null;
  since: number;
  campaign: string | null;
  call: number | null;
  auto_answer: boolean;
  today_calls: number;
  today_talk_s: number;
  today_wrap_s: number;
  quality: Quality | null;
}
export interface EventRow {
  at: number;
  alarm: boolean;
  text_key: string;
  args: [string, string][];
}
export interface BoardMsg {
  seq: number;
  full: boolean;
  at: number;
  totals?: Totals;
  campaigns?: CampaignRow[];
  trunks?: TrunkRow[];
  calls?: CallRow[];
  seats?: SeatRow[];
  events?: EventRow[];
}

// records, settings, notices

export interface ListReply {
  /** `total` stopped counting. */
  more?: boolean;
  /** Sentences beside the toolbar. */
  notes?: string[];
}
export interface ActionRequest {
  ids: number[];
  args: Values;
  /** Every row that `filters` find, instead of `ids`. */
  all?: boolean;
  filters?: Values;
}
export interface ActionReply {
  text?: string;
  undo?: string;
}
export interface FieldView {
  group?: string;
  hint?: string;
  /** Pixels; 0 = by kind. */
  width?: number;
  popped?: boolean;
}
export interface ActionView {
  asks?: FieldView[];
  all?: boolean;
}
export interface PermissionGroup {
  menu: string;
  title: string;
  words: Choice[];
}
export interface ImportStatus {
  undo?: string;
  updated?: number;
}
export interface ImportLook {
  look: string;
  file_name: string;
  bytes: number;
  encoding: string;
  separator: string;
  rows: number;
  columns: { header: string; field: string; remembered: boolean }[];
  first: string[][];
  fields: Choice[];
}
export interface ImportWish {
  look: string;
  columns: string[];
  existing: string;
  owners: number[];
}
export interface BusyReason {
  code: string;
  label: string;
  /** "#rrggbb" */
  colour: string;
  max_minutes: number;
}
export interface WorkView {
  busy_reasons: BusyReason[];
  wrap_s: number;
  wrap_more_s: number;
  must_save: boolean;
  pop_busy: boolean;
  survey_button: boolean;
}
export interface Notice {
  id: number;
  title: string;
  body: string;
  urgent: boolean;
  read: boolean;
  by: string;
  at: number;
}
export interface Pop {
  form?: FieldView[];
  url?: string;
}
export interface ActivityRequest {
  fields?: Values;
}
