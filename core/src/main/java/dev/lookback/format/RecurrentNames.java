package dev.lookback.format;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the recurrent layers among the tensors of another program's model: one module of PyTorch's
 * of any number of layers, modules of one layer each that are numbered and fit on each other, or
 * cells ({@code LSTMCell}), whose tensors carry no layer's number. What dropout of weights keeps as
 * {@code weight_hh_l0_raw} is the weight itself.
 */
final class RecurrentNames {
  private static final Pattern REVERSE = Pattern.compile(".*_l\\d+_reverse");
  private static final Pattern PROJECTION = Pattern.compile(".*weight_hr_l\\d+");
  private static final Pattern RAW =
      Pattern.compile("(|.*\\.)((?:weight|bias)_(?:ih|hh)(?:_l\\d+)?)_raw");
  private static final Pattern NORMALISED =
      Pattern.compile(
          ".*(?:weight_(?:ih|hh)(?:_l\\d+)?_[gv]|parametrizations\\.weight_(?:ih|hh)\\w*\\..*)");
  private static final Pattern FIRST = Pattern.compile("(|.*\\.)weight_ih(?:_l0)?");
  private static final Pattern TENSOR =
      Pattern.compile("(|.*\\.)((?:weight|bias)_(?:ih|hh)|[hc]0)(?:_l(\\d+))?");
  private static final Pattern NUMBER = Pattern.compile("\\d+");

  private final TensorFile file;

  private RecurrentNames(TensorFile file) {
    this.file = file;
  }

  /** What our names are for the tensors of recurrent layers, by theirs. */
  static Map<String, String> ours(TensorFile file) {
    RecurrentNames names = new RecurrentNames(file);
    names.requireOneWay();
    List<String> modules = names.inOrder();
    Map<String, String> changes = new LinkedHashMap<>();
    for (int m = 0; m < modules.size(); m++) {
      for (String name : file.tensors().keySet()) {
        Matcher matcher = TENSOR.matcher(name);
        if (matcher.matches() && matcher.group(1).equals(modules.get(m))) {
          String layer = matcher.group(3) == null || m > 0 ? Integer.toString(m) : matcher.group(3);
          changes.put(name, "rnn." + matcher.group(2) + "_l" + layer);
        }
      }
    }
    return changes;
  }

  /** The same tensors, each weight that is dropped out in training under its own name. */
  static TensorFile withoutRaw(TensorFile file) {
    Map<String, FileTensor> tensors = new LinkedHashMap<>(file.tensors());
    for (Map.Entry<String, FileTensor> entry : file.tensors().entrySet()) {
      Matcher matcher = RAW.matcher(entry.getKey());
      if (matcher.matches()) {
        tensors.remove(entry.getKey());
        // The module itself may be wrapped.
        String inner = matcher.group(1) + "module.";
        boolean wrapped =
            file.tensors().keySet().stream()
                .anyMatch(name -> name.startsWith(inner) && FIRST.matcher(name).matches());
        tensors.put((wrapped ? inner : matcher.group(1)) + matcher.group(2), entry.getValue());
      }
    }
    return new TensorFile(tensors, file.metadata());
  }

  private void requireOneWay() {
    for (String name : file.tensors().keySet()) {
      if (REVERSE.matcher(name).matches()) {
        throw new FormatException(
            "has "
                + Names.brief(name)
                + ", so it is bidirectional: it needs a sequence's end before its beginning. Only"
                + " networks that go forward can be read");
      } else if (PROJECTION.matcher(name).matches()) {
        throw new FormatException(
            "has "
                + Names.brief(name)
                + ", so it is an LSTM with projections (proj_size), which there is no cell for");
      } else if (NORMALISED.matcher(name).matches()) {
        throw new FormatException(
            "has "
                + Names.brief(name)
                + ", so its weights are kept in parts (weight_norm or another parametrization). Put"
                + " them together in PyTorch before the model is saved:"
                + " torch.nn.utils.remove_weight_norm(module, name), or"
                + " torch.nn.utils.parametrize.remove_parametrizations(module, name)");
      }
    }
  }

  private List<String> inOrder() {
    Set<String> modules = new LinkedHashSet<>();
    for (String name : file.tensors().keySet()) {
      Matcher matcher = FIRST.matcher(name);
      if (matcher.matches()) {
        modules.add(matcher.group(1));
      }
    }
    List<String> ordered = new ArrayList<>(modules);
    if (ordered.size() < 2) {
      return ordered;
    }
    ordered.sort(Comparator.comparingLong(RecurrentNames::number));
    for (int m = 0; m < ordered.size(); m++) {
      if (!isNext(ordered, m)) {
        throw new FormatException(
            "has "
                + modules.size()
                + " recurrent modules, of "
                + Names.list(modules.stream().map(this::first).toList())
                + ", but one is needed, of as many layers as wanted, or numbered ones of one layer"
                + " each that fit on each other. Say which tensor is which with --rename, such as"
                + " --rename "
                + Names.brief(first(ordered.get(0)))
                + "=rnn.weight_ih_l0");
      }
    }
    return ordered;
  }

  // A layer of its own, on top of the one before, and called like it but for its number.
  private boolean isNext(List<String> modules, int m) {
    String module = modules.get(m);
    boolean single = file.find(module + "weight_ih_l1").isEmpty();
    if (m == 0 || !single) {
      return single;
    }
    String before = modules.get(m - 1);
    int[] in = shape(first(module));
    int[] below = shape(first(before).replace("weight_ih", "weight_hh"));
    return number(before) < number(module)
        && NUMBER.matcher(before).replaceAll("#").equals(NUMBER.matcher(module).replaceAll("#"))
        && in.length == 2
        && below.length == 2
        && in[1] == below[1];
  }

  private String first(String module) {
    return file.find(module + "weight_ih_l0").isPresent()
        ? module + "weight_ih_l0"
        : module + "weight_ih";
  }

  private int[] shape(String name) {
    return file.find(name).map(FileTensor::shape).orElse(new int[0]);
  }

  // The last number in a module's name, as rnns.1.module has it; long ones are no number.
  private static long number(String module) {
    Matcher matcher = NUMBER.matcher(module);
    long last = -1;
    while (matcher.find()) {
      last = matcher.group().length() < 10 ? Long.parseLong(matcher.group()) : -1;
    }
    return last;
  }
}
