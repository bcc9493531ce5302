package org.cellweave.simulate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Reads a gene network from lines {@code gene = rule}, a rule being made of genes, {@code and},
 * {@code or}, {@code not} and parentheses: the model files of scanpy's {@code tl.sim}.
 *
 * <p>{@code #} begins a comment. Lines without {@code =} (there: strengths of couplings) are passed
 * over: an input is half on at a level of 0.1 and every gene begins at 0.5. An empty rule keeps a
 * gene on.
 */
public final class BooleanRules {
  private static final double START = 0.5;
  private static final double HALF = 0.1;
  private static final Pattern TOKEN = Pattern.compile("\\s*([()]|[^\\s()]+)");

  private final List<String> tokens = new ArrayList<>();
  private final Map<String, Integer> inputs = new LinkedHashMap<>();
  private final String line;
  private int at;

  private BooleanRules(String rule, String line) {
    this.line = line;
    var matcher = TOKEN.matcher(rule);
    while (matcher.find()) {
      tokens.add(matcher.group(1));
    }
  }

  /**
   * @param lines of the file
   * @throws IllegalArgumentException for a rule that cannot be read, with the line
   */
  public static GeneNetwork parse(List<String> lines) {
    var rules = new LinkedHashMap<String, String>();
    var where = new LinkedHashMap<String, String>();
    for (int l = 0; l < lines.size(); l++) {
      String text = lines.get(l).replaceFirst("#.*", "");
      int equals = text.indexOf('=');
      if (equals < 0) {
        continue;
      }
      String gene = text.substring(0, equals).trim();
      String line = "line " + (l + 1);
      if (gene.isEmpty() || rules.put(gene, text.substring(equals + 1).trim()) != null) {
        throw new IllegalArgumentException(
            line + ": every gene needs a name and one rule, got '" + lines.get(l).trim() + "'");
      }
      where.put(gene, line);
    }
    if (rules.isEmpty()) {
      throw new IllegalArgumentException(
          "no rule was found; write lines such as 'A = A and not B'");
    }
    var names = List.copyOf(rules.keySet());
    var genes = new ArrayList<GeneNetwork.Gene>();
    rules.forEach((gene, rule) -> genes.add(gene(gene, rule, where.get(gene), names)));
    return new GeneNetwork(genes);
  }

  private static GeneNetwork.Gene gene(String name, String rule, String line, List<String> names) {
    if (rule.isEmpty()) {
      return new GeneNetwork.Gene(name, START, in -> true, List.of());
    }
    var parser = new BooleanRules(rule, line);
    var parsed = parser.either();
    if (parser.at < parser.tokens.size()) {
      throw parser.unexpected();
    }
    var inputs = new ArrayList<GeneNetwork.Input>();
    for (String input : parser.inputs.keySet()) {
      int gene = names.indexOf(input);
      if (gene < 0) {
        throw new IllegalArgumentException(
            line + ": '" + input + "' has no rule of its own; genes are " + names);
      }
      inputs.add(new GeneNetwork.Input(gene, HALF));
    }
    return new GeneNetwork.Gene(name, START, parsed, inputs);
  }

  private GeneNetwork.Rule either() {
    var rule = both();
    while (accept("or")) {
      var left = rule;
      var right = both();
      rule = in -> left.on(in) || right.on(in);
    }
    return rule;
  }

  private GeneNetwork.Rule both() {
    var rule = negated();
    while (accept("and")) {
      var left = rule;
      var right = negated();
      rule = in -> left.on(in) && right.on(in);
    }
    return rule;
  }

  private GeneNetwork.Rule negated() {
    if (accept("not")) {
      var rule = negated();
      return in -> !rule.on(in);
    }
    if (accept("(")) {
      var rule = either();
      if (!accept(")")) {
        throw unexpected();
      }
      return rule;
    }
    if (at == tokens.size() || List.of("and", "or", ")").contains(tokens.get(at))) {
      throw unexpected();
    }
    int input = inputs.computeIfAbsent(tokens.get(at++), name -> inputs.size());
    return in -> in[input];
  }

  private boolean accept(String token) {
    boolean there = at < tokens.size() && tokens.get(at).equals(token);
    at += there ? 1 : 0;
    return there;
  }

  private IllegalArgumentException unexpected() {
    String found = at < tokens.size() ? "'" + tokens.get(at) + "'" : "the end";
    return new IllegalArgumentException(
        line
            + ": the rule '"
            + String.join(" ", tokens)
            + "' is not understood at "
            + found
            + "; use genes, and, or, not and parentheses");
  }
}
