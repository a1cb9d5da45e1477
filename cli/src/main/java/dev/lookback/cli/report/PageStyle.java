package dev.lookback.cli.report;

import java.util.Locale;

/** The page's style. Pictures bring their own. */
final class PageStyle {
  static final String CSS =
      Theme.variables(":root")
          + "\n"
          + String.format(
              Locale.ROOT,
              """
              :root{color-scheme:light dark}
              *{box-sizing:border-box}
              body{margin:0;background:var(--lb-surface);color:var(--lb-ink);
              font:16px/1.55 %1$s;-webkit-text-size-adjust:100%%}
              main{max-width:792px;margin:0 auto;padding:32px 16px 64px}
              h1,h2,h3{line-height:1.25;text-wrap:balance;overflow-wrap:anywhere}
              h1{font-size:28px;font-weight:650;letter-spacing:-.01em;margin:0 0 8px}
              h2{font-size:20px;font-weight:650;margin:48px 0 8px;padding-top:16px;
              border-top:1px solid var(--lb-grid)}
              p{max-width:70ch;margin:0 0 14px;overflow-wrap:anywhere}
              .lead{font-size:17px;color:var(--lb-muted)}
              .note,figcaption{font-size:14px;line-height:1.5;color:var(--lb-muted)}
              .verdict{border-left:4px solid var(--lb-1);background:var(--lb-shade);
              padding:14px 18px 4px;margin:20px 0;border-radius:0 6px 6px 0}
              .verdict p{margin-bottom:10px}
              .verdict .says{font-size:18px;font-weight:650;line-height:1.35}
              .tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));
              gap:12px;margin:20px 0}
              .tiles div{border:1px solid var(--lb-grid);border-radius:6px;padding:10px 14px}
              .tiles dt,.tiles dd{font-size:13px;line-height:1.4;color:var(--lb-muted);margin:0}
              .tiles .value{font-size:22px;font-weight:600;line-height:1.3;color:var(--lb-ink);
              font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
              .scroll{overflow-x:auto;max-width:100%%;margin:0 0 14px;
              outline-color:var(--lb-1);outline-offset:2px}
              table{border-collapse:collapse;font-size:14px;line-height:1.4;min-width:min(100%%,480px);
              font-variant-numeric:tabular-nums}
              .above{margin:14px 0 6px}
              th,td{text-align:left;padding:6px 14px 6px 0;vertical-align:top;white-space:nowrap;
              border-bottom:1px solid var(--lb-grid)}
              th:last-child,td:last-child{padding-right:0}
              thead th{vertical-align:bottom;font-weight:600;border-bottom:1.5px solid var(--lb-edge);
              white-space:normal}
              thead span{display:block;font-weight:400;color:var(--lb-muted);white-space:nowrap}
              tbody th{font-weight:600}
              .n{text-align:right}
              .matrices{min-width:0}
              .matrices td,.matrices th{padding:3px 16px;border-bottom:0}
              .matrices thead th{border-bottom:1px solid var(--lb-grid);text-align:left}
              .matrices td{font:13px/1.5 %2$s;white-space:pre;text-align:left}
              .matrices td+td,.matrices th+td,.matrices th+th{border-left:1px solid var(--lb-grid)}
              .matrices th:first-child,.matrices td:first-child{padding-left:0}
              figure{margin:20px 0 28px}
              figcaption{max-width:70ch;margin-top:8px}
              figure .scroll{margin:0}
              svg.lb{display:block;height:auto}
              .wide svg,.narrow svg{max-width:100%%}
              .narrow{display:none}
              pre{margin:0;font:13px/1.5 %2$s}
              h3{font-size:17px;font-weight:650;margin:32px 0 8px}
              .equation{display:grid;grid-template-columns:auto minmax(0,1fr);column-gap:12px;
              margin:28px 0 10px;padding:10px 14px 8px;background:var(--lb-shade);border-radius:6px}
              .equation .number{font:13px/1.5 %2$s;color:var(--lb-muted)}
              .equation .scroll{margin:0}
              .equation p{grid-column:2;margin:4px 0 0;font-size:15px}
              details{margin:14px 0}
              summary{cursor:pointer;font-weight:600;padding:6px 0}
              @media screen and (max-width:700px){
              main{padding-top:20px}
              h1{font-size:24px}
              h2{margin-top:36px}
              .wide{display:none}
              .narrow{display:block}
              .tiles{grid-template-columns:repeat(2,minmax(0,1fr))}
              .tiles .value{font-size:20px}
              }
              @media screen and (min-width:860px){
              figure .scroll{position:relative;left:50%%;transform:translateX(-50%%);
              width:max-content;min-width:100%%;max-width:calc(100vw - 48px)}
              }
              @media print{
              body{font-size:10.5pt}
              main{max-width:none;padding:0}
              figure,tr,.verdict,.tiles{break-inside:avoid}
              h2{break-after:avoid}
              .scroll{overflow:visible}
              svg.lb{max-width:100%%}
              }
              """,
              Theme.SANS,
              Theme.MONO);

  private PageStyle() {}
}
