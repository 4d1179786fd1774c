// Invented rows for the mock service.

import { OFFICE_ROWS, ORGANISATION, SEATS, SETTINGS, action, choice, column, field, filter, page } from "./mock-office.mjs";

const STATES = [["answered", "已接听"], ["no_answer", "未接听"], ["busy", "忙"], ["vacant", "空号"]].map(([v, l]) => choice(v, l));

export const CATALOGUE = [
  page("customers", "customer_cases", "客户案件管理", "客户资料", {
    columns: [["mobile", "手机号码", "phone"], ["name", "客户名称"], ["landline", "电话号码", "phone"], ["organisation", "公司名称"], ["category", "客户分类"], ["owner", "归属人"], ["project", "归属项目"], ["address", "地址"], ["created", "添加时间", "date_time"], ["updated", "更新时间", "date_time"], ["note", "备注"]].map((c) => column(...c)),
    filters: [filter("mobile", "手机号码", "phone"), filter("name", "客户名称"), filter("owner", "归属人", "select", [], "seats"), filter("created_from", "添加-开始时间", "date_time"), filter("created_to", "添加-结束时间", "date_time")],
    form: [field("mobile", "手机号码", "phone", { required: true, max_chars: 40 }), field("name", "客户名称", "text", { max_chars: 60 }), field("landline", "电话号码", "phone", { max_chars: 20 }), field("organisation", "公司名称", "text", { max_chars: 60 }), field("category", "客户分类", "text", { max_chars: 11 }), field("address", "地址", "text", { max_chars: 90 }), field("x_birthday", "生日", "date", { popped: false, group: "其他资料" }), field("note", "备注", "long_text", { max_chars: 500 })],
    actions: [action("add", "添加", "toolbar"), action("import", "批量导入", "toolbar"), action("assign", "分配", "selection", { all: true, asks: [field("mode", "分配方式", "select", { required: true, default: "assign_evenly", choices: [choice("assign_evenly", "平均分配"), choice("assign_one", "分配给一人"), choice("assign_counts", "按数量分配")] }), field("seats", "坐席", "choices", { required: true, options_from: "seats" }), field("counts", "数量", "text", { hint: "按数量分配时填写，如 8001:50, 8002:30" })] }), action("delete", "批量删除", "selection", { confirm: true, all: true }), action("release", "转移公共池", "selection", { confirm: true }), action("export", "导出", "toolbar"), action("edit", "编辑", "row")],
  }),
  page("public_pool", "customer_cases", "客户案件管理", "公共池", {
    columns: [column("mobile", "手机号码", "phone"), column("name", "客户名称"), column("released", "转入时间", "date_time")],
    actions: [action("claim", "领取", "selection")],
  }),
  page("imports", "customer_cases", "客户案件管理", "批量导入记录", {
    columns: [column("created", "导入时间", "date_time"), column("file_name", "文件"), column("target", "导入到", "select"), column("rows", "总行数", "number"), column("added", "新增", "number")],
    actions: [action("undo", "撤销导入", "row", { confirm: true }), action("rejects", "下载未导入行", "row")],
  }),
  page("activities", "customer_cases", "客户案件管理", "业务记录", {
    columns: [column("created", "时间", "date_time"), column("seat", "坐席"), column("phone", "号码", "phone"), column("disposition", "营销结果", "select"), column("content", "内容"), column("recording", "录音", "audio", 8)],
    form: [
      field("visit_type", "回访类型", "select", { choices: [choice("first_visit", "首次回访"), choice("return_visit", "再次回访"), choice("other", "其他")] }),
      field("disposition", "营销结果", "select", { choices: [choice("interested", "愿意了解"), choice("contact_again", "再联系"), choice("refused", "拒绝"), choice("wrong_number", "错号"), choice("do_not_call", "勿再打"), choice("no_answer", "无人应答")] }),
      field("content", "内容", "long_text"),
    ],
    actions: [action("export", "导出", "toolbar")],
  }),
  page("campaigns", "predictive", "预测式外呼", "呼叫任务", {
    columns: [column("id", "任务ID", "number", 8), column("name", "任务名称"), column("script", "话术名称"), column("status", "任务状态", "select", 8), column("run", "运行时间", "span"), column("rest", "休息时间", "span"), column("progress", "执行进度", "percent", 8), column("dialled", "已呼/总数"), column("rate", "接通率", "percent", 8), column("creator", "创建人")],
    filters: [filter("name", "任务名称"), filter("script", "请选择话术", "select", [], "scripts"), filter("status", "任务状态", "select", [choice("ready", "就绪"), choice("running", "运行中"), choice("paused", "暂停中"), choice("finished", "完成")]), filter("created_from", "创建-开始时间", "date_time"), filter("created_to", "创建-结束时间", "date_time")],
    form: [field("name", "任务名称", "text", { required: true, max_chars: 40 }), field("script", "话术名称", "select", { required: true, options_from: "scripts" }), field("trunk", "线路", "select", { required: true, options_from: "trunks" }), field("file", "导入数据", "file", { fixed: true }), field("sync_customers", "同步到客户资料", "yes_no", { default: "false", fixed: true }), field("run", "运行时间", "span", { default: "09:00~20:00", advanced: true }), field("rest", "休息时间", "span", { default: "12:00~14:00", advanced: true }), field("ring_s", "振铃时长", "number", { default: "30", advanced: true }), field("channels", "并发", "number", { default: "0", advanced: true })],
    actions: [action("add", "添加", "toolbar"), action("delete", "删除任务", "selection", { confirm: true }), action("start", "启动", "row"), action("pause", "暂停", "row"), action("append", "追加号码", "row"), action("redial", "任务重呼", "row", { confirm: true }), action("edit", "编辑", "row")],
  }),
  page("calls", "reports", "统计报表", "通话记录", {
    columns: [["recording", "录音", "audio"], ["started", "开始时间", "date_time"], ["caller", "主叫"], ["callee", "被叫", "phone"], ["campaign", "任务名称"], ["state", "呼叫状态", "select"], ["sip", "sip状态码", "number"], ["result", "呼叫结果", "select"], ["fault", "失败原因"], ["kind", "呼叫类型", "select"], ["satisfaction", "满意度评价"], ["billable", "计费时长", "duration"], ["talk", "接听时长", "duration"]].map((c) => column(...c)),
    filters: [filter("started_from", "开始时间", "date_time"), filter("started_to", "结束时间", "date_time"), filter("phone", "主被叫号码", "phone"), filter("line", "线路号码"), filter("content", "跟进内容"), filter("campaign", "任务名称"), filter("note", "客户备注"), filter("category", "客户分类"), filter("seat", "坐席", "select", [], "seats"), filter("state", "呼叫状态", "select", STATES)],
    actions: [action("play", "播放", "row"), action("download", "下载录音", "row"), action("export", "导出", "toolbar")],
    view: "player",
  }),
  SEATS,
  ...ORGANISATION,
  page("charges", "fees", "费用统计", "流量费用", {
    columns: [["serial", "流水单号", "number"], ["date", "日期", "date_time"], ["caller", "主叫"], ["callee", "被叫", "phone"], ["seconds", "时长(秒)", "number"], ["increment", "计费模式(秒)", "number"], ["rate", "费率(秒)"], ["charge", "费用(元)", "money"]].map((c) => column(...c)),
    actions: [action("export", "导出", "toolbar")],
  }),
  ...SETTINGS,
];

export const OPTIONS = {
  script: [choice("1", "转人工"), choice("2", "老客户转人工")],
  trunk: [choice("1", "模拟线路一"), choice("2", "模拟线路二")],
  role: [choice("1", "管理员"), choice("2", "部门经理"), choice("3", "主管"), choice("4", "坐席")],
  department: [choice("1", "客服部"), choice("2", "业务部")],
  numbers: [choice("1", "10000005001"), choice("2", "10000005002")],
  seats: [choice("1", "赵一(8001)"), choice("2", "钱二(8002)")],
  number: [choice("1", "10000005001"), choice("2", "10000005002")],
  receiver: [choice("1", "赵一(8001)"), choice("2", "钱二(8002)")],
  departments: [choice("1", "客服部"), choice("2", "业务部")],
  seat: [choice("1", "赵一(8001)"), choice("2", "钱二(8002)")],
  owner: [choice("1", "赵一(8001)"), choice("2", "钱二(8002)")],
};

const two = (n) => String(n).padStart(2, "0");
const NAMES = ["赵一", "钱二", "孙三", "李四", "周五", "吴六", "郑七", "王八一"];
const number = (i) => `1000000${String(1000 + (i * 37) % 9000)}`;
const when = (i) => `2026-06-10 ${two(9 + (i % 9))}:${two((i * 7) % 60)}:${two((i * 13) % 60)}`;

/** The golden rows of F30. */
const CAMPAIGNS = [
  [537, "六月回访", "暂停中", 36, 1242, "2.78%", "3%"], [495, "新客户", "就绪", 0, 0, "0%", "0%"], [494, "端午活动", "完成", 7, 7, "85.71%", "100%"],
  [493, "老客户二", "完成", 50, 50, "72%", "100%"], [492, "老客户一", "完成", 10, 10, "70%", "100%"], [491, "企业通知", "运行中", 41, 41, "63.41%", "100%"],
  [490, "试呼", "完成", 1, 1, "100%", "100%"], [471, "待启动", "就绪", 0, 3, "0%", "0%"],
];

export const ROWS = {
  ...OFFICE_ROWS,
  imports: [{ id: 44, cells: { created: when(1), file_name: "客户.csv", target: "客户资料", rows: "1000", added: "960" }, actions: ["undo", "rejects"] }],
  public_pool: Array.from({ length: 3 }, (_, i) => ({ id: i + 1, cells: { mobile: number(i + 50), name: NAMES[i], released: when(i) } })),
  campaigns: CAMPAIGNS.map(([id, name, status, dialled, total, rate, progress]) => ({
    id, cells: { id: String(id), name, script: "转人工", status, run: "09:00~20:00", rest: "12:00~14:00", progress, dialled: `${dialled}/${total}`, rate, creator: "赵一(8001)" },
    actions: status === "运行中" ? ["pause", "append", "edit"] : status === "完成" ? ["append", "redial", "edit"] : ["start", "append", "edit"],
  })),
  customers: Array.from({ length: 1255 }, (_, i) => ({
    id: i + 1, cells: { mobile: number(i), name: NAMES[i % 8], landline: "", organisation: i % 3 ? "" : "某某贸易有限公司", category: i % 2 ? "意向" : "", owner: "赵一(8001)", project: "", address: i % 4 ? "" : "示例市中心路 1 号", created: when(i), updated: when(i + 3), note: i % 5 ? "" : "下周再联系，想了解套餐的细节和价格" }, actions: ["edit"],
  })),
  calls: Array.from({ length: 64 }, (_, i) => {
    const up = i % 3 !== 1;
    return {
      id: 9000 + i, actions: up ? ["play", "download"] : [],
      cells: { recording: "", started: when(i), caller: up ? "赵一(8001)" : "", callee: number(i), campaign: i % 2 ? "六月回访" : "", state: up ? "已接听" : "未接听", sip: up ? "200 成功" : "487 已取消", result: up ? "转人工" : "未接通", fault: up ? "" : "振铃超时", kind: i % 2 ? "群呼转人工" : "呼出", satisfaction: "", billable: up ? "00:01:00" : "00:00:00", talk: up ? `00:00:${two((i * 7) % 60)}` : "00:00:00" },
    };
  }),
  seats: Array.from({ length: 6 }, (_, i) => ({ id: i + 1, actions: ["edit", "phone_password"], cells: { extension: String(8001 + i), account: `u${8001 + i}`, name: NAMES[i], mobile: "", department: "业务部", level: "普通", role: i ? "坐席" : "管理员", hide_numbers: "否", note: "" } })),
  blocklist: [{ id: 1, actions: ["edit"], cells: { phone: number(7), created: when(2), direction: "限制呼入呼出", reason: "本人要求" } }],
  activities: Array.from({ length: 9 }, (_, i) => ({ id: i + 1, cells: { created: when(i), seat: "赵一(8001)", phone: number(i), disposition: "愿意了解", content: "客户想了解套餐", recording: String(9000 + i) } })),
  charges: Array.from({ length: 40 }, (_, i) => ({ id: i + 1, cells: { serial: String(70000 + i), date: when(i), caller: "8001", callee: number(i), seconds: String((i * 11) % 90), increment: "60", rate: "0.150/60秒", charge: (0.15 * Math.ceil(((i * 11) % 90) / 60)).toFixed(3) } })),
};

export const HOME = {
  agent: { last_login: Date.UTC(2026, 5, 10, 3, 17, 58), new_customers_today: 4, new_activities_today: 23, my_campaigns: 1, callbacks_today: 2, calls_by_hour: [0, 0, 0, 0, 0, 0, 0, 0, 0, 6, 10, 12, 2, 1, 9, 14, 11, 8, 3, 0, 0, 0, 0, 0], answered_by_hour: [0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 7, 1, 1, 5, 9, 7, 3, 1, 0, 0, 0, 0, 0] },
};
HOME.admin = { ...HOME.agent, balance: 1_234_567_890, charges_by_day: Array.from({ length: 30 }, (_, i) => [`2026-05-${two(i + 1)}`, Math.round((20 + 15 * Math.sin(i / 3) + (i % 7)) * 1e6)]) };

export const TEXTS = {
  "call.seat.signed_out": "离线", "call.seat.idle": "空闲", "call.seat.busy": "示忙", "call.seat.ringing": "振铃", "call.seat.talking": "通话中", "call.seat.wrap_up": "话后", "call.seat.lost": "失联",
  "call.busy.break": "小休", "call.busy.meal": "就餐", "call.busy.training": "培训", "call.busy.meeting": "会议", "call.busy.missed": "未接",
  "call.kind.outbound": "呼出", "call.kind.campaign": "群呼转人工", "call.kind.preview": "预览",
  "call.state.answered": "已接听", "call.state.no_answer": "未接听",
  "call.stage.dialling": "拨号", "call.stage.ringing": "振铃", "call.stage.script": "放音", "call.stage.queued": "等待坐席", "call.stage.talking": "通话",
  "call.campaign.running": "运行中", "call.campaign.paused": "暂停中", "call.campaign.ready": "就绪", "call.campaign.finished": "完成",
  "call.idle.dialling": "正在呼叫", "call.idle.not_running": "未运行", "call.event.signed_in": "{seat} 签入", "call.event.low": "余额不足 {amount} 元",
};

export const WORK = {
  busy_reasons: [["break", "小休", "#d4a72c", 10], ["meal", "就餐", "#8250df", 60], ["outbound", "外拨", "#0969da", 0]].map(([code, label, colour, max_minutes]) => ({ code, label, colour, max_minutes })),
  wrap_s: 15, wrap_more_s: 30, must_save: false, pop_busy: false, survey_button: false,
};

const now = () => Date.now();
export const BOARD = () => ({
  seq: 1, full: true, at: now(),
  totals: { company: "演示公司", demo: true, balance: 1_234_567_890, held: 450_000, unlimited: false, dialled: 312, answered: 140, to_agent: 133, abandoned: 3, charged: 45_300_000, channels: 7, channels_max: 30, dialled_by_hour: HOME.agent.calls_by_hour, answered_by_hour: HOME.agent.answered_by_hour, queued: 1, queued_oldest_ms: 1200 },
  campaigns: [{ id: 491, name: "企业通知", status: "running", why: "dialling", total: 1242, dialled: 312, answered: 140, to_agent: 133, abandoned: 3, in_flight: 7, round: 1 }, { id: 537, name: "六月回访", status: "paused", why: "not_running", total: 1242, dialled: 36, answered: 1, to_agent: 1, abandoned: 0, in_flight: 0, round: 1 }],
  trunks: [{ id: 1, name: "模拟线路一", up: true, simulated: true, channels: 7, channels_max: 30, attempts: 312, answers: 140, pdd_ms: 900 }],
  calls: [{ id: 1, kind: "campaign", stage: "talking", since: now() - 43_000, seat: 1, campaign: "企业通知", trunk: "模拟线路一", number: "100****1037", name: "孙三" }, { id: 2, kind: "campaign", stage: "queued", since: now() - 1200, seat: null, campaign: "企业通知", trunk: "模拟线路一", number: "100****1074", name: "" }],
  seats: NAMES.slice(0, 6).map((name, i) => ({ id: i + 1, extension: String(8001 + i), name, department: "业务部", state: ["talking", "idle", "wrap_up", "busy", "signed_out", "lost"][i], reason: i === 3 ? "meal" : null, since: now() - 60_000 * (i + 1), campaign: i === 0 ? "企业通知" : null, call: i === 0 ? 1 : null, auto_answer: true, today_calls: 40 - i * 5, today_talk_s: 3600 - i * 300, today_wrap_s: 200, quality: null })),
  events: [{ at: now() - 60_000, alarm: false, text_key: "call.event.signed_in", args: [["seat", "赵一(8001)"]] }, { at: now() - 5_000, alarm: true, text_key: "call.event.low", args: [["amount", "100.000"]] }],
});
