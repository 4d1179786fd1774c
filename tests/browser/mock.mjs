// A stand-in for the service, so that each view of the page can be looked at and driven alone. It keeps no rules:
// the tests say what happens through `push`. Run by hand: node tests/browser/mock.mjs [port], then log in with any password.
import { createServer } from "node:http";
import { readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { PERMISSIONS } from "./mock-office.mjs";
import { BOARD, CATALOGUE, HOME, OPTIONS, ROWS, TEXTS, WORK } from "./mock-data.mjs";
import { DIST, ROOT, WebSocketServer, toml } from "./tools.mjs";

const TYPES = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml" };
/** As strict as the service's own. */
const CSP = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self' blob:; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

export async function mock({ port = 0 } = {}) {
  const state = { session: null, seat: blankSeat(), sockets: new Set(), peers: new Set(), commands: [], posts: [], importMs: 600, batch: 40, phone: true, refuse: {}, countMost: Infinity, notes: {}, replies: {}, work: WORK, notices: [], catalogue: structuredClone(CATALOGUE), permissions: PERMISSIONS, rows: {} };
  const push = (msg) => state.sockets.forEach((socket) => socket.send(JSON.stringify(msg)));
  const seat = (change) => {
    state.seat = { ...state.seat, since: Date.now(), ...change };
    push({ msg: "seat", ...state.seat });
  };
  const server = createServer((request, response) => void serve(state, { push, seat }, request, response).catch((error) => {
    response.writeHead(500).end(String(error));
  }));
  const sockets = new WebSocketServer({ noServer: true });
  server.on("upgrade", (request, socket, head) => {
    if (request.url === "/mock/peer") return sockets.handleUpgrade(request, socket, head, (ws) => peer(state, ws));
    if (!state.session || state.refuse.live) return socket.destroy();
    sockets.handleUpgrade(request, socket, head, (ws) => live(state, { push, seat }, ws));
  });
  await new Promise((resolve) => server.listen(port, "127.0.0.1", resolve));
  return {
    state, push, seat,
    url: `http://127.0.0.1:${server.address().port}`,
    /** Drops every live socket, as a network does. */
    drop: () => state.sockets.forEach((socket) => socket.terminate()),
    close: () => {
      state.sockets.forEach((socket) => socket.terminate());
      state.peers.forEach((socket) => socket.terminate());
      server.closeAllConnections();
      server.close();
    },
  };
}

const blankSeat = () => ({ seat: 2, state: "signed_out", since: Date.now(), auto_answer: true, phone: false, today_calls: 0, today_talk_s: 0 });

async function serve(state, tell, request, response) {
  const url = new URL(request.url, "http://mock");
  const path = url.pathname;
  const send = (body, status = 200) => {
    response.writeHead(status, { "Content-Type": "application/json", Date: new Date().toUTCString() });
    response.end(JSON.stringify(body));
  };
  const refuse = (status, code, text) => send({ code, text }, status);
  if (!path.startsWith("/api/")) return file(path, response);
  const body = request.method === "POST" ? await read(request) : null;
  if (request.method === "POST") state.posts.push({ path: path + url.search, body: json(body), header: request.headers["x-hutong"] });
  if (path.startsWith("/api/texts/")) return send(texts(path.slice(11)));
  if (path === "/api/login") {
    const asked = json(body);
    if (asked.password === "wrong") return refuse(401, "login.wrong", "公司账号、账号或密码不对，请检查后重试。");
    state.session = session(asked);
    return send(state.session);
  }
  if (state.session === null) return refuse(401, "login.needed", "请先登录。");
  if (request.method === "POST" && request.headers["x-hutong"] !== "1") return refuse(403, "http.no_header", "缺少 X-Hutong");
  if (path === "/api/logout") return (state.session = null), send({});
  if (path.startsWith("/api/monitor/")) return state.monitor ? send({ ...state.monitor, id: Number(path.slice(13)) }) : refuse(503, "request.busy", "服务繁忙，请稍后重试。");
  if (path === "/api/work") return send(state.work);
  if (path === "/api/notices") return send(state.notices);
  if (/^\/api\/notices\/\d+\/read$/.test(path)) return (state.notices = state.notices.map((one) => (path.includes(`/${one.id}/`) ? { ...one, read: true } : one))), response.writeHead(204).end();
  if (path === "/api/me/password") return json(body).old === "secret" ? send({}) : refuse(403, "password.wrong", "原密码不对，请重新输入。");
  if (path === "/api/me") return send(Object.assign(state.session, json(body) ?? {}));
  if (path === "/api/catalogue") return send(state.catalogue.filter((page) => state.session.role === "admin" || ["customers", "public_pool", "activities", "calls", "campaigns"].includes(page.id)));
  if (path === "/api/permissions") return send(state.permissions);
  if (path.startsWith("/api/undo/")) return send({ done: 3, text: "已撤销：3 位客户回到原归属人。" });
  if (path === "/api/home") return send(HOME[state.session.role === "admin" ? "admin" : "agent"]);
  if (path === "/api/phone") return phone(state, tell, json(body), send, refuse);
  if (path === "/api/activity") return activity(state, tell, json(body), send, refuse);
  if (path.startsWith("/api/import/")) return imports(state, tell, request, path, body, send, response);
  if (path.startsWith("/api/template/")) return csv(response, "手机号码,客户名称\r\n");
  if (path.startsWith("/api/recording/")) return recording(path, response, send);
  if (path.startsWith("/api/file/")) return request.method === "POST" ? send({ id: 3 }) : recording("", response, send);
  if (path.startsWith("/api/p/")) return pages(state, url, request, json(body), send, refuse, response);
  refuse(404, "http.not_found", "没有这个地址。");
}

function session({ account, lang }) {
  const admin = account === "admin";
  return {
    company: "demo", company_name: "演示公司", seat: admin ? 1 : 2, extension: admin ? "8000" : "8002", account, name: admin ? "管理员" : "钱二",
    role: admin ? "admin" : "agent", permissions: admin ? ["*"] : ["seat.work", "calls.view", "customers.view"], demo: true, lang, zone: "Asia/Shanghai",
  };
}

async function phone(state, tell, { sdp }, send, refuse) {
  const [other] = state.peers;
  if (!state.phone || other === undefined) return refuse(503, "phone.unavailable", "电话暂时接不通，请稍后重试。");
  const answer = await new Promise((resolve) => {
    other.once("message", (data) => resolve(String(data)));
    other.send(sdp);
  });
  state.seat.phone = true;
  tell.push({ msg: "seat", ...state.seat });
  send({ sdp: answer });
}

function activity(state, tell, body, send, refuse) {
  if (state.refuse.activity) return refuse(503, "storage.busy", "保存失败：系统正忙，请再点一次保存。");
  if (body.then_idle && state.seat.state === "wrap_up") tell.seat({ state: "idle", until: undefined, call: undefined });
  send({ id: state.posts.length });
}

function pages(state, url, request, body, send, refuse, response) {
  const [, , , id, second, third] = url.pathname.split("/");
  const rows = state.rows[id] ?? ROWS[id] ?? [];
  if (second === "export") return url.searchParams.get("format") === "xlsx" ? xlsx(response) : csv(response, "手机号码\r\n");
  if (second === "options") return send(OPTIONS[third] ?? [{ value: "1", label: "选项一" }, { value: "2", label: "选项二" }]);
  if (second === "action") return state.replies[`${id}.${third}`] ? send(state.replies[`${id}.${third}`]) : send({ done: body.all ? rows.length : Math.max(1, body.ids.length) });
  if (request.method === "POST") {
    if (Object.values(body).includes("重复")) return refuse(409, `${id}.duplicate`, "名称「重复」已经有了，请换一个。");
    return send({ id: 600 });
  }
  if (second) {
    const row = rows.find((one) => one.id === Number(second));
    return row ? send({ id: row.id, values: { ...row.cells } }) : refuse(404, "http.not_found", "没有这一条。");
  }
  const wanted = [...url.searchParams].filter(([key]) => key.startsWith("q.")).map(([key, value]) => [key.slice(2), value]);
  const found = rows.filter((row) => wanted.every(([key, value]) => row.cells[key] === undefined || row.cells[key].includes(value)));
  const page = Number(url.searchParams.get("page") ?? 1);
  const size = Number(url.searchParams.get("size") ?? 30);
  const more = found.length > state.countMost && url.searchParams.get("exact") !== "1";
  send({ rows: found.slice((page - 1) * size, page * size), total: more ? state.countMost : found.length, more, page, size, notes: state.notes[id] ?? [] });
}

function imports(state, tell, request, path, body, send, response) {
  if (request.method === "GET") return path.endsWith("/rejects") ? csv(response, "行号,原因\r\n") : send(state.import);
  if (path.endsWith("/look")) return look(state, body, send);
  const wish = path.endsWith("/run") ? json(body) : null;
  const reason = (text) => ({ code: "import.bad", text });
  const status = (stage, part) => ({
    ...(wish && stage === "done" ? { undo: `import-${state.batch}`, updated: 20 } : {}),
    batch: state.batch, stage, encoding: "GB18030", separator: ";", bytes_read: Math.round(body.length * part), bytes_total: body.length,
    rows: Math.round(1000 * part), added: Math.round(960 * part), duplicate: Math.round(25 * part), bad: Math.round(12 * part), blocked: Math.round(3 * part),
    samples: [
      { line: 17, raw: "1.39E+10", kind: "bad", reason: reason("号码被 Excel 改成了科学计数法，已看不出原号；请把该列设为文本后重新导出。") },
      { line: 203, raw: "10000001037", kind: "duplicate", reason: reason("与第 4 行重复。") },
      { line: 511, raw: "10000009999", kind: "blocked", reason: reason("在黑名单库中，限制呼出。") },
    ],
  });
  state.batch++;
  if (body.includes("太多行")) {
    state.import = { ...status("refused", 0), rows: 0, samples: [], refusal: { code: "import.too_many", text: "文件超过 300000 行，没有导入任何数据；请拆成几个文件。" } };
    return send(state.import);
  }
  [0.2, 0.5, 0.8].forEach((part, at) => setTimeout(() => tell.push({ msg: "import", ...(state.import = status("reading", part)) }), (state.importMs * at) / 4));
  setTimeout(() => tell.push({ msg: "import", ...(state.import = status("done", 1)) }), state.importMs);
  state.import = status("reading", 0.1);
  send(state.import);
}

/** Nothing is stored of a file that is looked at. */
function look(state, body, send) {
  const name = /filename="([^"]*)"/.exec(body.toString("utf8"))?.[1] ?? "";
  const sheet = name.endsWith(".xlsx");
  const columns = [["手机号", "mobile"], ["姓名", "name"], ["产品意向", ""], ["电话", "landline"]].map(([header, field], i) => ({ header, field, remembered: i === 1 }));
  send({
    look: "look-1", file_name: name, bytes: body.length, encoding: sheet ? "XLSX" : "GB18030", separator: sheet ? "," : ";", rows: 1000, columns,
    first: [["10000001037", "赵一", "套餐甲", ""], ["10000001074", "钱二", "", "02000001111"]],
    fields: [["mobile", "手机号码"], ["name", "客户名称"], ["landline", "电话号码"], ["note", "备注"]].map(([value, label]) => ({ value, label })),
  });
}

function recording(path, response, send) {
  const lane = (beat) => Array.from({ length: 600 }, (_, i) => {
    const loud = Math.round(Math.abs(Math.sin(i / 17)) * (Math.floor(i / 60) % 2 === beat ? 100 : 4));
    return [-loud, loud];
  });
  if (path.endsWith("/peaks")) return send({ seconds: 4, callee: lane(0), agent: lane(1) });
  const seconds = 4;
  const wav = Buffer.alloc(44 + seconds * 8000);
  wav.write("RIFF", 0); wav.writeUInt32LE(36 + seconds * 8000, 4); wav.write("WAVEfmt ", 8); wav.writeUInt32LE(16, 16); wav.writeUInt16LE(1, 20); wav.writeUInt16LE(1, 22);
  wav.writeUInt32LE(8000, 24); wav.writeUInt32LE(8000, 28); wav.writeUInt16LE(1, 32); wav.writeUInt16LE(8, 34); wav.write("data", 36); wav.writeUInt32LE(seconds * 8000, 40);
  for (let i = 0; i < seconds * 8000; i++) wav[44 + i] = 128 + Math.round(30 * Math.sin((2 * Math.PI * 440 * i) / 8000));
  response.writeHead(200, { "Content-Type": "audio/wav", "Content-Length": wav.length });
  response.end(wav);
}

/** The page's live socket: every command is kept for the test and answered; the plainest of them also act. */
function live(state, tell, socket) {
  state.sockets.add(socket);
  socket.on("close", () => state.sockets.delete(socket));
  socket.send(JSON.stringify({ msg: "seat", ...state.seat }));
  socket.on("message", (data) => {
    const { req, ...command } = JSON.parse(String(data));
    if (command.cmd !== "ping") state.commands.push(command);
    const refusal = state.refuse[command.cmd];
    socket.send(JSON.stringify({ msg: "reply", req, ...(refusal ? { refusal } : {}) }));
    if (refusal) return;
    const out = ["signed_out", "lost"].includes(state.seat.state);
    if ((command.cmd === "sign_in" && out) || command.cmd === "idle") tell.seat({ state: "idle", until: undefined, reason: undefined });
    if (command.cmd === "sign_out") ["talking", "ringing"].includes(state.seat.state) ? tell.seat({ since: state.seat.since, after_call: "signed_out" }) : tell.seat({ state: "signed_out" });
    if (command.cmd === "busy") tell.seat({ state: "busy", reason: command.reason });
    if (command.cmd === "auto_answer") tell.seat({ since: state.seat.since, auto_answer: command.on });
    if (command.cmd === "wrap_more") tell.seat({ since: state.seat.since, until: (state.seat.until ?? Date.now()) + 30_000 });
    if (command.cmd === "watch_board" && command.on) socket.send(JSON.stringify({ msg: "board", ...BOARD() }));
  });
}

/** The other end of the media leg: a page that answers offers (peer.html). */
function peer(state, socket) {
  state.peers.add(socket);
  socket.on("close", () => state.peers.delete(socket));
}

function texts(lang) {
  const out = { ...TEXTS };
  for (const area of ["call", "page"]) flatten(area, toml.parse(readFileSync(join(ROOT, "data/texts", lang, `${area}.toml`), "utf8")), out);
  return out;
}

function flatten(prefix, table, out) {
  for (const [key, value] of Object.entries(table)) {
    if (typeof value === "object") flatten(`${prefix}.${key}`, value, out);
    else out[`${prefix}.${key}`] = String(value);
  }
}

function file(path, response) {
  const name = path === "/" ? "index.html" : path.slice(1);
  const from = name.startsWith("mock/") ? join(ROOT, "tests/browser", name.slice(5)) : join(DIST, name);
  try {
    const bytes = readFileSync(from);
    response.writeHead(200, { "Content-Type": TYPES[extname(name)] ?? "text/plain", ...(name.startsWith("mock/") ? {} : { "Content-Security-Policy": CSP }) });
    response.end(bytes);
  } catch {
    response.writeHead(404).end();
  }
}

function csv(response, text) {
  response.writeHead(200, { "Content-Type": "text/csv", "Content-Disposition": "attachment; filename=rows.csv" });
  response.end(`\ufeff${text}`);
}

function xlsx(response) {
  response.writeHead(200, { "Content-Type": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "Content-Disposition": "attachment; filename=rows.xlsx" });
  response.end("PK");
}

function read(request) {
  return new Promise((resolve) => {
    const parts = [];
    request.on("data", (part) => parts.push(part));
    request.on("end", () => resolve(Buffer.concat(parts)));
  });
}

function json(body) {
  try {
    return JSON.parse(String(body));
  } catch {
    return null;
  }
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  const running = await mock({ port: Number(process.argv[2] ?? 8099) });
  console.log(running.url);
}
