import { useEffect, useState } from "preact/hooks";
import { seat, zone } from "../desk.ts";
import { dateTime } from "../format.ts";
import { markRead, markSeen, messages, notices } from "../office.ts";
import { inCall } from "../phone/state.ts";
import { t } from "../texts.ts";
import type { Notice } from "../types.ts";
import { Button, Dialog, useCell } from "./ui.tsx";

/** 公告 and a supervisor's messages: how many are unread, and the list behind it. */
export function NoticeBell() {
  const all = useCell(notices);
  const lines = useCell(messages);
  const [open, setOpen] = useState(false);
  const unread = all.filter((one) => !one.read).length + lines.filter((one) => !one.seen).length;
  if (all.length === 0 && lines.length === 0) return null;
  return (
    <>
      <Button look="link" class="bell" aria-label={t("page.notices.bell", { n: unread })} onClick={() => setOpen(true)}>
        {t("page.notices.title")}{unread > 0 && <b class="badge">{unread}</b>}
      </Button>
      {open && <NoticeList close={() => setOpen(false)} />}
    </>
  );
}

function NoticeList({ close }: { close: () => void }) {
  const all = useCell(notices);
  const lines = useCell(messages);
  useEffect(() => void markSeen(), [lines.length]);
  return (
    <Dialog title={t("page.notices.title")} onClose={close}>
      <div class="body notices">
        {all.map((one) => <Item key={one.id} notice={one} />)}
        {lines.length > 0 && <h3>{t("page.notices.messages")}</h3>}
        <ul>{[...lines].reverse().map((one) => <li key={`${one.at}${one.text}`}><b>{one.from}</b> <time>{dateTime(one.at, zone())}</time><p>{one.text}</p></li>)}</ul>
      </div>
      <footer><Button look="main" onClick={close}>{t("page.close")}</Button></footer>
    </Dialog>
  );
}

/** Opening it is reading it. */
function Item({ notice }: { notice: Notice }) {
  const [open, setOpen] = useState(false);
  const flip = () => {
    setOpen(!open);
    if (!notice.read) void markRead(notice.id);
  };
  return (
    <section class={notice.read ? "noticeitem" : "noticeitem unread"}>
      <button type="button" aria-expanded={open} onClick={flip}>
        {!notice.read && <b class="badge">{t("page.notices.unread")}</b>} {notice.title} <time>{dateTime(notice.at, zone())}</time>
      </button>
      {open && <p class="words">{notice.body}</p>}
      {open && <p class="hint">{notice.by}</p>}
    </section>
  );
}

/** What everyone must read stands before the work until it is read; never before a call. */
export function UrgentNotice() {
  const all = useCell(notices);
  const view = useCell(seat);
  const next = all.find((one) => one.urgent && !one.read);
  if (next === undefined || inCall(view)) return null;
  const read = () => void markRead(next.id);
  return (
    <Dialog key={next.id} title={`${t("page.notices.urgent")} · ${next.title}`} onClose={read}>
      <div class="body"><p class="words">{next.body}</p><p class="hint">{next.by} · {dateTime(next.at, zone())}</p></div>
      <footer><Button look="main" onClick={read}>{t("page.notices.got_it")}</Button></footer>
    </Dialog>
  );
}
