import type {
  ActionReply, ActionRequest, ActivityRequest, Choice, Created, Home, ImportLook, ImportStatus, ImportWish, Lang, ListReply, Notice, PageView, Peaks,
  PermissionGroup, RefusalText, RowReply, Session, TaskMonitor, Texts, Values, WorkView,
} from "./types.ts";
import { Cell } from "./cell.ts";
import { t } from "./texts.ts";

/** Service clock minus this computer's, ms, to a second: timers follow the service. */
export const skew = new Cell(0);

/** What the service refused, in the words it gave. `status` 0: it could not be reached. */
export class Refused extends Error {
  constructor(readonly status: number, readonly refusal: RefusalText) {
    super(refusal.text);
  }
}

let onUnauthorised = () => {};
/** Called when a request finds the session gone. */
export function whenLoggedOut(then: () => void): void {
  onUnauthorised = then;
}

/** A filter or paging query; empty values are left out. */
export function query(params: Record<string, string | number | undefined>): string {
  const pairs = Object.entries(params).filter(([, value]) => value !== undefined && value !== "");
  const text = new URLSearchParams(pairs.map(([key, value]) => [key, String(value)])).toString();
  return text ? `?${text}` : "";
}

const page = (id: string) => `/api/p/${encodeURIComponent(id)}`;

const imports = (id: string) => `/api/import/${encodeURIComponent(id)}`;
type Sending = (share: number) => void;

export const api = {
  login: (company: string, account: string, password: string, lang: Lang) =>
    call<Session>("/api/login", { company, account, password, lang }),
  logout: () => call<unknown>("/api/logout", {}),
  me: () => call<Session>("/api/me"),
  speak: (lang: Lang) => call<Session>("/api/me", { lang }),
  texts: (lang: Lang) => call<Texts>(`/api/texts/${lang}`),
  catalogue: () => call<PageView[]>("/api/catalogue"),
  home: () => call<Home>("/api/home"),
  list: (id: string, params: Record<string, string | number | undefined>) => call<ListReply>(page(id) + query(params)),
  row: (id: string, row: number) => call<RowReply>(`${page(id)}/${row}`),
  save: (id: string, row: number | undefined, values: Values) =>
    call<Created>(row === undefined ? page(id) : `${page(id)}/${row}`, values),
  act: (id: string, action: string, request: ActionRequest) =>
    call<ActionReply>(`${page(id)}/action/${encodeURIComponent(action)}`, request),
  fileLink: (id: string, row: number, version?: number) => `/api/file/${encodeURIComponent(id)}/${row}${query({ version })}`,
  putFile: (id: string, row: number, file: File, sending: Sending) => upload<Created>(`/api/file/${encodeURIComponent(id)}/${row}`, file, sending),
  work: () => call<WorkView>("/api/work"),
  monitor: (task: number) => call<TaskMonitor>(`/api/monitor/${task}`),
  notices: () => call<Notice[]>("/api/notices"),
  readNotice: (id: number) => call<unknown>(`/api/notices/${id}/read`, {}),
  password: (old: string, fresh: string) => call<unknown>("/api/me/password", { old, new: fresh }),
  undo: (id: string) => call<ActionReply>(`/api/undo/${encodeURIComponent(id)}`, {}),
  permissions: () => call<PermissionGroup[]>("/api/permissions"),
  options: (id: string, field: string) => call<Choice[]>(`${page(id)}/options/${encodeURIComponent(field)}`),
  exportLink: (id: string, params: Record<string, string>) => `${page(id)}/export${query(params)}`,
  templateLink: (id: string) => `/api/template/${encodeURIComponent(id)}`,
  /** The one step of a campaign's numbers. */
  upload: (id: string, file: File, params: { campaign?: number | undefined; sync?: string | undefined }, sending: Sending) =>
    upload<ImportStatus>(`${imports(id)}${query(params)}`, file, sending),
  look: (id: string, file: File, sending: Sending) => upload<ImportLook>(`${imports(id)}/look`, file, sending),
  runImport: (id: string, wish: ImportWish) => call<ImportStatus>(`${imports(id)}/run`, wish),
  importStatus: (batch: number) => call<ImportStatus>(`/api/import/${batch}`),
  rejectsLink: (batch: number) => `/api/import/${batch}/rejects`,
  passwordsLink: (batch: number) => `/api/import/${batch}/passwords`,
  recordingLink: (id: number, download = false) => `/api/recording/${id}${download ? "?download=1" : ""}`,
  peaks: (id: number) => call<Peaks>(`/api/recording/${id}/peaks`),
  phone: (sdp: string) => call<{ sdp: string }>("/api/phone", { sdp }),
  activity: (request: ActivityRequest) => call<Created>("/api/activity", request),
};

/** GET without a body, POST with one. */
async function call<T>(path: string, body?: unknown): Promise<T> {
  let answer: Response;
  try {
    answer = await fetch(path, {
      method: body === undefined ? "GET" : "POST",
      headers: body === undefined ? {} : { "Content-Type": "application/json", "X-Hutong": "1" },
      body: body === undefined ? undefined : JSON.stringify(body),
      credentials: "same-origin",
      cache: "no-store",
    });
  } catch {
    throw new Refused(0, { code: "page.offline", text: t("page.offline") });
  }
  const date = Date.parse(answer.headers.get("Date") ?? "");
  if (!Number.isNaN(date) && Math.abs(date - Date.now() - skew.get()) > 1_500) skew.set(date - Date.now());
  return read<T>(answer.status, await answer.text(), path);
}

/** Uploads a file with progress; `sending` gives the share sent, 0 to 1. */
function upload<T>(path: string, file: File, sending: (share: number) => void): Promise<T> {
  const form = new FormData();
  form.append("file", file);
  return new Promise((resolve, reject) => {
    // fetch() has no upload progress.
    const request = new XMLHttpRequest();
    request.open("POST", path);
    request.setRequestHeader("X-Hutong", "1");
    request.upload.onprogress = (e) => e.lengthComputable && sending(e.loaded / e.total);
    request.onerror = () => reject(new Refused(0, { code: "page.offline", text: t("page.offline") }));
    request.onload = () => {
      try {
        resolve(read<T>(request.status, request.responseText, path));
      } catch (refused) {
        reject(refused);
      }
    };
    request.send(form);
  });
}

function read<T>(status: number, text: string, path: string): T {
  let body: unknown = null;
  try {
    body = text ? JSON.parse(text) : null;
  } catch {
    // A proxy's page, not ours: the status below says enough.
  }
  if (status >= 200 && status < 300) return body as T;
  if (status === 401 && path !== "/api/login" && path !== "/api/me") onUnauthorised();
  const refusal = body as RefusalText | null;
  throw new Refused(status, refusal?.text ? refusal : { code: `http.${status}`, text: t("page.http_error", { status: String(status) }) });
}

/** The sentence of whatever was thrown. */
export function why(error: unknown): string {
  return error instanceof Refused ? error.refusal.text : t("page.fault", { what: String(error) });
}
