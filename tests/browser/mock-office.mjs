// The office's record pages of the mock service: organisation and settings, in the manual's words.

export const choice = (value, label) => ({ value, label });
export const column = (id, title, kind = "text", width = 14) => ({ id, title, kind, width });
export const filter = (id, title, kind = "text", choices = [], options_from = null) => ({ id, title, kind, choices, options_from });
export const field = (id, title, kind = "text", more = {}) => ({
  id, title, kind, required: false, max_chars: 0, choices: [], options_from: null, default: "", fixed: false, advanced: false, ...more,
});
export const action = (id, title, place, more = {}) => ({ id, title, place, confirm: false, ...more });
export const page = (id, menu, menu_title, title, parts) => ({ id, menu, menu_title, title, columns: [], filters: [], form: [], actions: [], ...parts });

const columns = (...all) => all.map((one) => column(...one));
const ADD = action("add", "添加", "toolbar");
const EDIT = action("edit", "编辑", "row");
const DELETE = action("delete", "批量删除", "selection", { confirm: true });
const settings = (id, title, parts) => page(id, "settings", "系统设置", title, parts);

export const SEATS = page("seats", "seat_management", "坐席管理", "坐席设置", {
  columns: columns(["extension", "坐席号"], ["account", "用户名"], ["name", "姓名"], ["mobile", "移动电话"], ["department", "部门"], ["level", "等级", "select"], ["role", "用户角色"], ["pop_busy", "弹屏示忙", "yes_no"], ["hide_numbers", "号码隐藏", "yes_no"], ["numbers", "号码"], ["x_number", "X号码"], ["note", "备注"]),
  filters: [filter("quick", "快速查询"), filter("department", "部门", "select", [], "departments")],
  form: [
    field("extension", "坐席号", "text", { required: true, max_chars: 8, fixed: true }), field("level", "用户等级", "select", { choices: [choice("normal", "普通"), choice("senior", "高级")], default: "normal" }),
    field("account", "用户名", "text", { required: true }), field("password", "密码", "password", { hint: "只能重置网页密码，小电话密码不在此处调整" }), field("name", "姓名", "text", { required: true }),
    field("role", "用户角色", "select", { required: true, options_from: "roles" }), field("mobile", "移动电话"), field("email", "电子邮件"), field("department", "部门", "select", { options_from: "departments" }),
    field("pop_busy", "弹屏示忙", "yes_no", { default: "false" }), field("hide_numbers", "号码隐藏", "yes_no", { default: "false" }), field("note", "备注", "long_text", { max_chars: 200 }),
  ],
  actions: [
    ADD,
    action("add_many", "批量添加", "toolbar", { asks: [field("first", "起始坐席号", "text", { required: true }), field("last", "结束坐席号", "text", { required: true }), field("role", "用户角色", "select", { required: true, options_from: "roles" }), field("one_password", "统一密码", "password")] }),
    action("assign_numbers", "分配号码", "toolbar", { asks: [field("seat", "坐席", "select", { required: true, options_from: "seats" }), field("numbers", "号码", "choices", { required: true, options_from: "numbers" })] }),
    action("transfer_number", "转移号码", "toolbar", { asks: [field("number", "号码", "select", { required: true, options_from: "numbers" }), field("receiver", "转移给", "select", { required: true, options_from: "seats" })] }),
    DELETE, action("export", "导出", "toolbar"), EDIT, action("phone_password", "重置小电话密码", "row", { confirm: true }),
  ],
});

export const ORGANISATION = [
  page("roles", "organisation", "组织机构", "角色管理", {
    columns: columns(["name", "角色名称"], ["about", "角色描述"]),
    form: [field("name", "角色名称", "text", { required: true, max_chars: 20 }), field("about", "角色描述"), field("permissions", "权限操作", "permissions")],
    actions: [ADD, DELETE, EDIT],
  }),
  page("departments", "organisation", "组织机构", "部门管理", {
    columns: columns(["name", "部门名称"], ["about", "部门描述"]),
    form: [field("name", "部门名称", "text", { required: true }), field("about", "部门描述")],
    actions: [action("add", "添加顶级部门", "toolbar"), action("add_below", "添加下级", "row", { asks: [field("name", "部门名称", "text", { required: true }), field("about", "部门描述")] }), EDIT, action("delete", "删除", "row", { confirm: true })],
  }),
  page("notices", "notices", "公告管理", "公告", {
    columns: columns(["title", "标题"], ["audience", "范围"], ["from", "开始时间", "date_time"], ["to", "结束时间", "date_time"], ["urgent", "紧急", "yes_no"], ["receipts", "已读/应读"]),
    form: [field("title", "标题", "text", { required: true, max_chars: 60 }), field("body", "内容", "long_text", { required: true, max_chars: 2000 }), field("departments", "部门", "choices", { options_from: "departments", hint: "不选即发给全公司" }), field("from", "开始时间", "date_time"), field("to", "结束时间", "date_time"), field("urgent", "紧急", "yes_no", { default: "false" })],
    actions: [ADD, DELETE, EDIT],
  }),
];

const KINDS = [["field_text", "字符串"], ["field_number", "数字"], ["field_date", "日期"], ["field_datetime", "日期时间"], ["field_one", "单选"], ["field_several", "多选"], ["field_long", "长文本"]].map(([v, l]) => choice(v, l));

export const SETTINGS = [
  settings("customer_fields", "字段设置", {
    columns: columns(["name", "字段中文名"], ["length", "字段长度", "number"], ["width", "控件长度", "number"], ["shown", "是否显示", "yes_no"], ["popped", "是否弹屏显示", "yes_no"], ["queried", "是否查询显示", "yes_no"], ["position", "排序", "number"], ["kind", "类型", "select"], ["heading", "所属分类"]),
    form: [
      field("kind", "控件类型", "select", { required: true, default: "field_text", choices: KINDS, fixed: true }), field("name", "字段名称", "text", { required: true, max_chars: 20 }), field("length", "字段长度", "number", { default: "60" }),
      field("width", "控件大小", "number", { default: "150", hint: "150 为标准" }), field("options", "选项", "long_text", { hint: "每行一个" }), field("shown", "是否显示", "yes_no", { default: "true" }), field("popped", "是否弹屏显示", "yes_no", { default: "true" }),
      field("queried", "是否查询显示", "yes_no", { default: "false" }), field("position", "排序", "number"), field("heading", "所属分类"),
    ],
    actions: [ADD, EDIT, action("delete", "删除", "row", { confirm: true })],
  }),
  settings("blocklist", "黑名单库", {
    columns: columns(["phone", "号码", "phone"], ["created", "添加时间", "date_time"], ["direction", "限制类型", "select"], ["reason", "原因"], ["until", "到期", "date"]),
    filters: [filter("phone", "号码", "phone")],
    form: [field("phone", "号码", "phone", { required: true }), field("direction", "限制类型", "select", { required: true, default: "both", choices: [choice("both", "限制呼入呼出"), choice("outbound", "限制呼出"), choice("inbound", "限制呼入")] }), field("reason", "原因"), field("until", "到期", "date")],
    actions: [ADD, action("import", "批量导入", "toolbar"), DELETE, EDIT],
  }),
  settings("busy_reasons", "示忙分类", {
    columns: columns(["name", "名称"], ["colour", "颜色"], ["max_minutes", "最长分钟", "number"], ["max_people", "同时人数", "number"]),
    form: [field("name", "名称", "text", { required: true, max_chars: 12 }), field("colour", "颜色"), field("max_minutes", "最长分钟", "number"), field("max_people", "同时人数", "number")],
    actions: [ADD, DELETE, EDIT],
  }),
  settings("prompts", "系统语音", {
    columns: columns(["name", "语音名称"], ["file", "文件"], ["version", "版本", "number"], ["seconds", "时长", "duration"], ["updated", "更新时间", "date_time"]),
    form: [field("name", "语音名称", "text", { required: true })],
    actions: [EDIT, action("upload", "上传", "row"), action("play", "试听", "row"), action("versions", "版本", "row")],
    view: "prompts",
  }),
];

export const OFFICE_ROWS = {
  roles: [["管理员", "管理员权限"], ["部门经理", "部门经理权限"], ["主管", "主管权限"], ["坐席", "坐席权限"]].map(([name, about], i) => ({ id: i + 1, cells: { name, about, permissions: "calls.view,calls.play,elsewhere.secret" }, actions: ["edit"] })),
  departments: [["客服部", ""], ["业务部", ""], ["　└ 业务一组", ""]].map(([name, about], i) => ({ id: i + 1, cells: { name, about }, actions: ["add_below", "edit", "delete"] })),
  notices: [{ id: 1, cells: { title: "端午放假安排", body: "六月十日放假一天。", audience: "全公司", from: "2026-06-01 09:00:00", to: "2026-06-12 18:00:00", urgent: "否", receipts: "3/6" }, actions: ["edit"] }],
  customer_fields: [["手机号码", 40], ["客户名称", 60], ["电话号码", 20], ["公司名称", 60], ["客户分类", 11], ["归属人", 30], ["归属项目", 11], ["地址", 90]].map(([name, most], i) => ({ id: i + 1, cells: { name, length: String(most), width: "150", shown: "是", popped: "是", queried: "否", position: String(i + 1), kind: "字符串", heading: "" }, actions: i < 4 ? ["edit"] : ["edit", "delete"] })),
  busy_reasons: [["小休", "#d4a72c"], ["就餐", "#8250df"], ["外拨", "#0969da"]].map(([name, colour], i) => ({ id: i + 1, cells: { name, colour, max_minutes: i ? "60" : "10", max_people: "0" }, actions: ["edit"] })),
  prompts: ["开场语", "全忙提示", "非工作时间", "黑名单提示"].map((name, i) => ({ id: i + 1, cells: { name, file: i ? "" : "开场语.wav", version: i ? "" : "2", seconds: i ? "" : "00:00:04", updated: i ? "" : "2026-06-01 09:00:00" }, actions: i ? ["edit", "upload"] : ["edit", "upload", "play", "versions"] })),
};

/** As GET /api/permissions: a group a page, the last one of no page. */
export const PERMISSIONS = [
  ["客户案件管理", "客户资料", "customers", [["view", "查看"], ["add", "添加"], ["import", "批量导入"], ["export", "导出"], ["edit", "编辑"], ["delete", "批量删除"], ["release", "转移公共池"]]],
  ["客户案件管理", "业务记录", "activities", [["view", "查看"], ["export", "导出"]]],
  ["统计报表", "通话记录", "calls", [["view", "查看"], ["play", "播放"]]],
].map(([menu, title, id, words]) => ({ menu, title, words: words.map(([word, label]) => choice(`${id}.${word}`, label)) })).concat({ menu: "现场", title: "", words: [choice("seat.work", "坐席签入接听"), choice("wall.view", "实时看板")] });
