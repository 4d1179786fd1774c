import { api } from "../api.ts";
import { t } from "../texts.ts";
import type { ListReply, PageView, Values } from "../types.ts";
import { Button, Dialog, download } from "./ui.tsx";

interface ExportProps {
  page: PageView;
  /** The list's filters, as the query has them. */
  query: Values;
  reply: ListReply | null;
  close: () => void;
}

/** 导出: what the filters find, as a workbook or as CSV. */
export function ExportDialog({ page, query, reply, close }: ExportProps) {
  const take = (format: string) => {
    download(api.exportLink(page.id, format === "csv" ? query : { ...query, format }));
    close();
  };
  const n = reply === null ? "" : `${reply.total}${reply.more ? "+" : ""}`;
  return (
    <Dialog title={`${t("page.export.title")} · ${page.title}`} onClose={close}>
      <p class="question">{t("page.export.what", { n })}</p>
      <footer>
        <Button look="main" onClick={() => take("xlsx")}>{t("page.export.xlsx")}</Button>
        <Button onClick={() => take("csv")}>{t("page.export.csv")}</Button>
        <Button onClick={close}>{t("page.cancel")}</Button>
      </footer>
    </Dialog>
  );
}
