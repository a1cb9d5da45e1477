package dev.lookback.cli.report;

import java.util.List;

/**
 * Colours and letters of every picture and page.
 *
 * <p>The colours of series are those of Okabe and Ito (2008, "Color universal design"), darkened or
 * lightened until each stands out from its surface at 3:1 or more; shapes tell series apart too.
 */
final class Theme {
  private static final List<String> NAMES =
      List.of("surface", "ink", "muted", "grid", "shade", "edge", "cut", "1", "2", "3", "4", "5");
  private static final List<String> LIGHT =
      List.of(
          "#ffffff", "#1b1f24", "#57606a", "#e4e7eb", "#dde4ec", "#6e7781", "#b3261e", "#0068a8",
          "#c44e00", "#007a5a", "#a23b7a", "#7a6000");
  private static final List<String> DARK =
      List.of(
          "#14171b", "#e6e9ed", "#a3acb6", "#2a2f36", "#303944", "#8b949e", "#ff8f85", "#5cb8f0",
          "#ff9a5c", "#3cc79f", "#e897c7", "#d9b83a");

  /** How many colours there are for series. */
  static final int COLOURS = 5;

  static final String SANS =
      "system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans','DejaVu Sans',sans-serif";
  static final String MONO =
      "ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace";

  /** The style of pictures; every rule is for descendants of class {@code lb} only. */
  static final String CSS = variables(".lb") + rules();

  private Theme() {}

  /** Colours as variables {@code --lb-ink} and so on; light on paper whatever the screen shows. */
  static String variables(String selector) {
    return selector
        + "{"
        + declarations(LIGHT)
        + "}@media screen and (prefers-color-scheme:dark){"
        + selector
        + "{"
        + declarations(DARK)
        + "}}";
  }

  private static String declarations(List<String> colours) {
    StringBuilder css = new StringBuilder();
    for (int i = 0; i < NAMES.size(); i++) {
      css.append("--lb-").append(NAMES.get(i)).append(':').append(colours.get(i)).append(';');
    }
    return css.toString();
  }

  private static String rules() {
    StringBuilder css = new StringBuilder();
    css.append(".lb text{font:13px ").append(SANS).append(';').append(fill("ink")).append('}');
    css.append(".lb .small{font-size:11.5px}.lb .tiny{font-size:10.5px}");
    css.append(".lb .value{font-size:11px}");
    css.append(".lb .mono{font-family:").append(MONO).append('}');
    css.append(".lb .math{font-family:'STIX Two Text','Times New Roman',Georgia,serif;");
    css.append("font-size:16px;font-style:italic}.lb .index{font-size:11px;font-style:normal}");
    css.append(".lb .small .index{font-size:9px}");
    css.append(".lb .strong{font-weight:600}.lb .muted{").append(fill("muted")).append('}');
    css.append(".lb .halo{paint-order:stroke;stroke-width:3.5px;stroke-linejoin:round;");
    css.append(stroke("surface")).append('}');
    css.append(".lb .surface{").append(fill("surface")).append('}');
    css.append(".lb .grid{").append(stroke("grid")).append("stroke-width:1}");
    css.append(".lb .axis{").append(stroke("edge")).append("stroke-width:1}");
    css.append(".lb .box{").append(fill("surface")).append(stroke("edge"));
    css.append("stroke-width:1.2}.lb .shaded{").append(fill("shade")).append('}');
    css.append(".lb .wire{fill:none;").append(stroke("edge")).append("stroke-width:1.2}");
    css.append(".lb .bridge{").append(stroke("surface")).append("stroke-width:7}");
    css.append(".lb .dot{").append(fill("edge")).append("stroke:none}");
    css.append(".lb .dashed{stroke-dasharray:4 4}");
    css.append(".lb .line{fill:none;stroke-width:2;stroke-linejoin:round;stroke-linecap:round}");
    css.append(".lb .again{stroke-dasharray:7 4}.lb .thin{stroke-width:1.2}");
    css.append(".lb .band{stroke:none;fill-opacity:.16}");
    css.append(".lb .mark{stroke-width:1.5;").append(stroke("surface")).append('}');
    css.append(".lb .head{stroke:none}.lb .wire.head{").append(fill("edge")).append('}');
    colour(css, "cut", "cut");
    for (int i = 1; i <= COLOURS; i++) {
      colour(css, "c" + i, Integer.toString(i));
    }
    css.append(".lb .surface.mark{").append(fill("surface")).append('}');
    return css.toString();
  }

  /** A colour as the stroke of lines and heads' fill, and as the fill of everything else. */
  private static void colour(StringBuilder css, String type, String name) {
    css.append(".lb .").append(type).append('{').append(fill(name)).append('}');
    css.append(".lb .line.").append(type).append(",.lb .wire.").append(type);
    css.append("{fill:none;").append(stroke(name)).append('}');
    css.append(".lb .hollow.").append(type).append('{').append(fill("surface"));
    css.append(stroke(name)).append('}');
    css.append(".lb .head.").append(type).append("{stroke:none;").append(fill(name)).append('}');
    css.append(".lb .tint.").append(type).append("{fill-opacity:.13;stroke-width:1.2;");
    css.append(stroke(name)).append('}');
  }

  private static String fill(String name) {
    return property("fill", name);
  }

  private static String stroke(String name) {
    return property("stroke", name);
  }

  // Twice: a renderer that does not know variables keeps the first.
  private static String property(String property, String name) {
    String light = LIGHT.get(NAMES.indexOf(name));
    return property + ":" + light + ";" + property + ":var(--lb-" + name + ");";
  }
}
