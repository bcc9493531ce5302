package org.cellweave.design;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A model in the words of R and patsy: {@code ~ sex + condition}, {@code ~ sex * condition}, {@code
 * ~ 0 + age:batch}. Terms are columns, joined by {@code +}, {@code :} (interaction) and {@code *}
 * (both, and their interaction); {@code 0} or {@code - 1} leaves the intercept out, {@code C(x)}
 * takes numbers as labels, and names that are no identifiers stand in backquotes.
 *
 * @param terms columns of each, those of fewer columns first; the intercept is the empty term
 */
public record ModelFormula(List<List<String>> terms) {
  private static final Pattern TOKEN =
      Pattern.compile(
          "\\s*(?:(`[^`]+`)|(C\\(\\s*[^()`]+\\s*\\))|([\\p{L}_][\\p{L}\\p{N}_.]*)|(\\d+)|(\\S))");

  public ModelFormula {
    terms = terms.stream().map(List::copyOf).toList();
  }

  /**
   * @param text with or without a leading {@code ~}
   * @throws IllegalArgumentException tells the part that cannot be read
   */
  public static ModelFormula parse(String text) {
    return new Parser(text).formula();
  }

  /** Every column by itself, beside an intercept. */
  public static ModelFormula ofColumns(List<String> columns) {
    List<List<String>> terms = new ArrayList<>();
    terms.add(List.of());
    columns.forEach(c -> terms.add(List.of(c)));
    return new ModelFormula(terms);
  }

  /** The columns that it names, in order; those in {@code C()} as they are written. */
  public Set<String> columns() {
    Set<String> out = new LinkedHashSet<>();
    terms.forEach(out::addAll);
    return out;
  }

  /** The column within {@code C()}, or the name itself. */
  public static String column(String name) {
    return isLabels(name) ? name.substring(2, name.length() - 1).trim() : name;
  }

  /** Whether {@code C()} says that the column holds labels. */
  public static boolean isLabels(String name) {
    return name.startsWith("C(") && name.endsWith(")");
  }

  /**
   * @param covariate what each of {@link #columns()} holds; labels without those that are unused
   */
  public ModelMatrix matrix(Function<String, Covariate> covariate) {
    Map<String, Covariate> known = new LinkedHashMap<>();
    for (String name : columns()) {
      Covariate found = covariate.apply(name);
      known.put(
          name, found instanceof Categories labels ? labels.complete().withoutUnused() : found);
    }
    return ModelMatrix.of(this, known);
  }

  /** Whether labels of {@code column} in {@code term} need no column for their first level. */
  boolean isContrast(List<String> term, String column) {
    var margin = new TreeSet<>(term);
    margin.remove(column);
    return terms.stream().anyMatch(t -> t.size() == margin.size() && margin.containsAll(t));
  }

  @Override
  public String toString() {
    List<String> shown = new ArrayList<>();
    if (!terms.contains(List.<String>of())) {
      shown.add("0");
    }
    terms.stream().filter(t -> !t.isEmpty()).forEach(t -> shown.add(String.join(":", t)));
    return "~ " + (shown.isEmpty() ? "1" : String.join(" + ", shown));
  }

  /** Reads sums of products of names, from left to right. */
  private static final class Parser {
    private final String text;
    private final List<String> tokens = new ArrayList<>();
    private int at;

    Parser(String text) {
      this.text = text;
      Matcher matcher = TOKEN.matcher(text.strip());
      while (matcher.find()) {
        tokens.add(matcher.group().strip());
      }
      if (!tokens.isEmpty() && tokens.get(0).equals("~")) {
        tokens.remove(0);
      }
    }

    ModelFormula formula() {
      Set<Set<String>> terms = new LinkedHashSet<>();
      terms.add(new LinkedHashSet<>());
      boolean adds = true;
      if (at < tokens.size() && tokens.get(0).equals("-")) {
        adds = false;
        at++;
      }
      while (true) {
        boolean isZero = at < tokens.size() && tokens.get(at).equals("0");
        if (isZero) {
          at++;
          adds = !adds;
        }
        for (Set<String> term : isZero ? List.<Set<String>>of(Set.of()) : product()) {
          if (adds) {
            terms.add(term);
          } else {
            terms.remove(term);
          }
        }
        if (at == tokens.size()) {
          return sorted(terms);
        }
        String sign = tokens.get(at++);
        if (!sign.equals("+") && !sign.equals("-")) {
          throw refused("'" + sign + "' cannot follow '" + tokens.get(at - 2) + "'");
        }
        adds = sign.equals("+");
      }
    }

    private static ModelFormula sorted(Set<Set<String>> terms) {
      return new ModelFormula(
          terms.stream()
              .<List<String>>map(ArrayList::new)
              .sorted(java.util.Comparator.comparingInt(List::size))
              .toList());
    }

    /** Terms of {@code a}, {@code a:b} or {@code a * b}. */
    private List<Set<String>> product() {
      List<Set<String>> out = interaction();
      while (at < tokens.size() && tokens.get(at).equals("*")) {
        at++;
        List<Set<String>> right = interaction();
        List<Set<String>> both = new ArrayList<>(out);
        both.addAll(right);
        out.forEach(a -> right.forEach(b -> both.add(union(a, b))));
        out = both;
      }
      return out;
    }

    private List<Set<String>> interaction() {
      Set<String> term = name();
      while (at < tokens.size() && tokens.get(at).equals(":")) {
        at++;
        term = union(term, name());
      }
      return List.of(term);
    }

    private static Set<String> union(Set<String> a, Set<String> b) {
      Set<String> out = new LinkedHashSet<>(a);
      out.addAll(b);
      return out;
    }

    private Set<String> name() {
      if (at == tokens.size()) {
        throw refused(
            tokens.isEmpty() ? "it is empty" : "nothing follows '" + tokens.get(at - 1) + "'");
      }
      String token = tokens.get(at++);
      boolean isName = Character.isLetter(token.charAt(0)) || token.charAt(0) == '_';
      if (token.startsWith("`")) {
        return new LinkedHashSet<>(List.of(token.substring(1, token.length() - 1)));
      }
      if (isName) {
        return new LinkedHashSet<>(List.of(isLabels(token) ? "C(" + column(token) + ")" : token));
      }
      if (token.equals("1")) {
        return new LinkedHashSet<>();
      }
      throw refused("'" + token + "' is no column");
    }

    private IllegalArgumentException refused(String why) {
      return new IllegalArgumentException(
          "cannot read the formula '"
              + text
              + "': "
              + why
              + ". Join columns by +, : and *, as in \"~ sex + condition\"; names with blanks stand"
              + " in backquotes");
    }
  }
}
