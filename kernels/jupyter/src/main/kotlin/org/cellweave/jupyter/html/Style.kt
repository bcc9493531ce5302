package org.cellweave.jupyter.html

import java.util.Locale

/**
 * The look of every output: sheets scoped under `.cw`, in the colours of the front end's theme.
 *
 * Every output carries its sheet, so that it survives on its own. Colours come from JupyterLab's variables, then from
 * those of VS Code, then they are light ones.
 */
internal object Style {
    private const val COLOURS =
        ".cw{--cw-fg:var(--jp-content-font-color1,var(--vscode-editor-foreground,#111));" +
            "--cw-soft:var(--jp-content-font-color2,var(--vscode-descriptionForeground,#555));" +
            "--cw-faint:var(--jp-content-font-color3,var(--vscode-disabledForeground,#888));" +
            "--cw-bg:var(--jp-layout-color0,var(--jp-layout-color1,var(--vscode-editor-background,#fff)));" +
            "--cw-head:var(--jp-layout-color2,var(--vscode-editorWidget-background,#eee));" +
            "--cw-row:var(--jp-rendermime-table-row-background," +
            "var(--vscode-list-inactiveSelectionBackground,#f5f5f5));" +
            "--cw-hover:var(--jp-rendermime-table-row-hover-background," +
            "var(--vscode-list-hoverBackground,#e1f5fe));" +
            "--cw-line:var(--jp-border-color2,var(--vscode-panel-border,#ccc));" +
            "--cw-mono:var(--jp-code-font-family,Menlo,Consolas,'DejaVu Sans Mono',monospace);" +
            "color:var(--cw-fg);" +
            "font-family:var(--jp-content-font-family,system-ui,'Helvetica Neue',Arial,sans-serif);" +
            "font-size:13px;line-height:1.45;max-width:100%}"

    private const val NOTICES =
        ".cw .cw-box{border-left:4px solid var(--cw-edge);padding:4px 10px;margin:2px 0;white-space:pre-wrap;" +
            "overflow-wrap:anywhere;background:var(--cw-row);color:var(--cw-fg)}" +
            ".cw .cw-warning{--cw-edge:var(--jp-warn-color1,var(--vscode-editorWarning-foreground,#e08000))}" +
            ".cw .cw-hint{--cw-edge:var(--jp-info-color1,var(--vscode-editorInfo-foreground,#0090b0))}" +
            ".cw .cw-error{--cw-edge:var(--jp-error-color1,var(--vscode-errorForeground,#d32f2f))}" +
            ".cw .cw-progress{display:flex;align-items:center;gap:10px;margin:2px 0;" +
            "font-variant-numeric:tabular-nums}" +
            ".cw .cw-track{flex:0 0 220px;height:8px;border-radius:4px;overflow:hidden;background:var(--cw-head);" +
            "box-shadow:inset 0 0 0 1px var(--cw-line)}" +
            ".cw .cw-fill{display:block;height:100%;background:var(--jp-brand-color1," +
            "var(--vscode-progressBar-background,#1976d2))}" +
            ".cw .cw-open{width:100%;opacity:.45;background-image:repeating-linear-gradient(45deg,transparent 0 6px," +
            "var(--cw-bg) 6px 9px)}" +
            ".cw .cw-detail{color:var(--cw-soft)}"

    private const val TABLES =
        ".cw .cw-scroll{overflow:auto;max-height:40em;scrollbar-color:var(--cw-faint) transparent;" +
            "width:fit-content;max-width:100%;background:var(--cw-bg);" +
            "border:1px solid var(--cw-line);margin:2px 0}" +
            ".cw .cw-t{border-collapse:separate;border-spacing:0;margin:0;border:0;font-size:12px;" +
            "color:var(--cw-fg);width:auto;table-layout:auto}" +
            ".cw .cw-t th,.cw .cw-t td{padding:2px 8px;border:0;text-align:left;vertical-align:top;" +
            "white-space:nowrap;max-width:none;font-size:12px;line-height:1.45;color:var(--cw-fg)}" +
            ".cw .cw-t thead th{position:sticky;top:0;z-index:2;background:var(--cw-head);font-weight:600;" +
            "border-bottom:1px solid var(--cw-line);vertical-align:bottom}" +
            ".cw .cw-t tbody th{position:sticky;left:0;z-index:1;font-weight:600;" +
            "border-right:1px solid var(--cw-line);background:var(--cw-bg)}" +
            ".cw .cw-t thead th:first-child{left:0;z-index:3;border-right:1px solid var(--cw-line)}" +
            ".cw .cw-t tbody tr,.cw .cw-t tbody tr:nth-child(odd){background:var(--cw-bg)}" +
            ".cw .cw-t tbody tr:nth-child(even),.cw .cw-t tbody tr:nth-child(even) th{background:var(--cw-row)}" +
            ".cw .cw-t tbody tr:hover{background:var(--cw-hover)}" +
            ".cw .cw-t tbody tr:hover th{background:linear-gradient(var(--cw-hover),var(--cw-hover)),var(--cw-bg)}" +
            ".cw .cw-t .cw-n{text-align:right;font-variant-numeric:tabular-nums}" +
            ".cw .cw-t .cw-w{white-space:normal;min-width:18em}" +
            ".cw .cw-t .cw-gap{color:var(--cw-faint);text-align:center}" +
            ".cw .cw-dt{display:block;font-weight:400;font-size:11px;color:var(--cw-soft)}" +
            ".cw .cw-na,.cw .cw-zero{color:var(--cw-faint)}" +
            ".cw .cw-foot{color:var(--cw-soft);font-size:12px;margin:2px 0}"

    private const val SUMMARY =
        ".cw details{margin:0}" +
            ".cw summary{cursor:pointer;padding:1px 0;display:list-item;white-space:nowrap;overflow:hidden;" +
            "text-overflow:ellipsis}" +
            ".cw .cw-in{margin:0 0 4px 18px}" +
            ".cw .cw-row{padding:1px 0 1px 14px}" +
            ".cw .cw-title{font-weight:600;font-size:14px}" +
            ".cw .cw-key{display:inline-block;min-width:4.2em;font-weight:600;" +
            "font-family:var(--cw-mono);font-size:12px}" +
            ".cw .cw-m{color:var(--cw-soft);overflow-wrap:anywhere}" +
            ".cw .cw-v{font-family:var(--cw-mono);font-size:12px;overflow-wrap:anywhere}" +
            ".cw .cw-first{margin-left:.6em}" +
            ".cw .cw-badge{display:inline-block;padding:0 6px;margin-left:6px;border:1px solid var(--cw-line);" +
            "border-radius:8px;font-size:11px;color:var(--cw-soft)}" +
            ".cw .cw-cat{display:inline-block;margin-right:8px;white-space:nowrap}" +
            ".cw .cw-sw{display:inline-block;width:.75em;height:.75em;margin-right:4px;border-radius:2px;" +
            "box-shadow:0 0 0 1px var(--cw-line);vertical-align:-.05em}"

    /** For tables and summaries, with its element. */
    val sheet: String = "<style>$COLOURS$TABLES$SUMMARY$NOTICES</style>"

    /** For boxes and bars, which are sent often. */
    val notices: String = "<style>$COLOURS$NOTICES</style>"

    /** A boxed text; [kind] is `warning`, `hint` or `error`. Line breaks are kept. */
    fun box(kind: String, text: String): String {
        require(kind in KINDS) { "kind must be among $KINDS, got '$kind'" }
        return "$notices<div class=\"cw\"><div class=\"cw-box cw-$kind\">${Html.escape(text)}</div></div>"
    }

    /** A bar filled by [part] of 1 with its text; null when nobody knows how much there is to do. */
    fun progressBar(stage: String, part: Double?, detail: String): String {
        val known = part?.takeIf { !it.isNaN() }?.coerceIn(0.0, 1.0)
        val width = String.format(Locale.ROOT, "%.1f", PERCENT * (known ?: 1.0))
        val fill =
            if (known == null) {
                "<span class=\"cw-fill cw-open\"></span>"
            } else {
                "<span class=\"cw-fill\" style=\"width:$width%\"></span>"
            }
        return "$notices<div class=\"cw\"><div class=\"cw-progress\"><span>${Html.escape(stage)}</span>" +
            "<span class=\"cw-track\">$fill</span>" +
            "<span class=\"cw-detail\">${Html.escape(detail)}</span></div></div>"
    }

    private val KINDS = listOf("warning", "hint", "error")
    private const val PERCENT = 100
}

/** See [Style.box]. */
internal fun box(kind: String, text: String): String = Style.box(kind, text)

/** See [Style.progressBar]. */
internal fun progressBar(stage: String, part: Double?, detail: String): String = Style.progressBar(stage, part, detail)
