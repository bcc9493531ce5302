package org.cellweave.neural.scmodal;

import java.util.ArrayList;
import java.util.List;
import org.cellweave.matrix.Matrix;
import org.cellweave.neural.fused.LayerTape;
import org.cellweave.neural.fused.Operation;
import org.cellweave.neural.fused.Steps;
import org.cellweave.neural.module.Loss;
import org.cellweave.neural.nn.Node;
import org.cellweave.neural.nn.Noise;
import org.cellweave.neural.nn.Parameter;
import org.cellweave.neural.train.Optimizer;
import org.cellweave.random.Streams;
import org.cellweave.util.ConvergenceException;
import org.cellweave.util.Parallel;
import org.cellweave.util.Progress;

/** The steps: discriminators a few times on one minibatch, then encoders and decoders. */
final class Training implements AutoCloseable {
  private static final double BETA1 = 0.9;
  private static final double BETA2 = 0.999;
  private static final double EPSILON = 1e-8;

  private final Scmodal.Params params;
  private final Networks networks;
  private final Draws draws;
  private final List<Parameter> generators;
  private final Products products = new Products();
  private final Steps steps;
  private final Steps discriminatorSteps;
  private final List<Member> members = new ArrayList<>();
  private final List<Pair> pairs = new ArrayList<>();
  private final int n;

  /** What a step draws. */
  @FunctionalInterface
  interface Draws {
    /** Fills {@code cells} with rows of a set. */
    void draw(int step, int set, int nCells, int[] cells);

    /** With replacement; what is drawn depends on the seed, the step and the set alone. */
    static Draws of(long seed) {
      return (step, set, nCells, cells) -> {
        long stepSeed = Streams.mix(Streams.mix(seed) + Streams.STEP * (step + 1L));
        var random = Streams.of(stepSeed, set);
        for (int k = 0; k < cells.length; k++) {
          cells[k] = random.nextInt(nCells);
        }
      };
    }
  }

  /** A set with its minibatch. */
  private static final class Member {
    private final ScaledRows rows;
    private final int nCells;
    private final float[] x;
    private final Geometry geometry;
    private final int[] cells;
    private Node values;
    private Node z;

    Member(Matrix x, Scaling scaling, int n, int nLatent, Products products) {
      rows = new ScaledRows(x, scaling);
      nCells = x.nRows();
      this.x = new float[Math.multiplyExact(n, x.nCols())];
      geometry = new Geometry(n, x.nCols(), nLatent, products);
      cells = new int[n];
    }

    void read() {
      rows.read(cells, 0, cells.length, x);
    }
  }

  /** Neighbouring sets. */
  private static final class Pair {
    private final int at;
    private final Member first;
    private final Member second;
    private final ScaledRows firstRows;
    private final ScaledRows secondRows;
    private final float[] firstLinked;
    private final float[] secondLinked;
    private final MutualPairs mutual;
    private final float[] both;
    private final List<Parameter> discriminator;

    Pair(int at, Training of, Scmodal.Links links) {
      this.at = at;
      first = of.members.get(at);
      second = of.members.get(at + 1);
      firstRows = of.linked(links.first());
      secondRows = of.linked(links.second());
      int linked = links.first().nCols();
      firstLinked = new float[of.n * linked];
      secondLinked = new float[of.n * linked];
      int latent = of.params.nLatent();
      mutual = new MutualPairs(of.n, linked, latent, of.params.nNeighbors(), of.products);
      both = new float[2 * of.n * latent];
      discriminator = of.networks.discriminator(at);
    }

    void read() {
      firstRows.read(first.cells, 0, first.cells.length, firstLinked);
      secondRows.read(second.cells, 0, second.cells.length, secondLinked);
      mutual.begin(firstLinked, secondLinked);
    }
  }

  Training(
      Scmodal.Input input,
      Scmodal.Params params,
      List<Scaling> scalings,
      Networks networks,
      Draws draws) {
    this.params = params;
    this.draws = draws;
    this.networks = networks;
    n = params.batchSize();
    generators = networks.generators();
    var optimizer = new Optimizer(BETA1, BETA2, EPSILON, params.weightDecay(), false);
    steps = new Steps(optimizer);
    discriminatorSteps = new Steps(optimizer);
    for (int s = 0; s < input.sets().size(); s++) {
      Matrix x = input.sets().get(s).x();
      members.add(new Member(x, scalings.get(s), n, params.nLatent(), products));
    }
    for (int k = 0; k < input.links().size(); k++) {
      pairs.add(new Pair(k, this, input.links().get(k)));
    }
  }

  private ScaledRows linked(Matrix x) {
    return new ScaledRows(x, params.scale() ? Scaling.of(x) : Scaling.none(x.nCols()));
  }

  Losses run(Progress progress) {
    int total = params.trainingSteps();
    Losses losses = Losses.of(total);
    for (int t = 0; t < total; t++) {
      Parallel.checkInterrupted();
      begin(t);
      double sum = step(t, losses);
      if (!Double.isFinite(sum)) {
        throw new ConvergenceException(
            "scmodal's losses are "
                + sum
                + " in step "
                + (t + 1)
                + "; lower learningRate, or give smaller values, such as scaled logarithms");
      }
      progress.step("scmodal", t + 1, total, sum);
    }
    return losses;
  }

  private void begin(int t) {
    for (int s = 0; s < members.size(); s++) {
      Member member = members.get(s);
      draws.draw(t, s, member.nCells, member.cells);
      member.read();
      if (params.lambdaGeo() > 0) {
        member.geometry.begin(member.x);
      }
    }
    pairs.forEach(Pair::read);
  }

  /** The weighted sum of all terms. */
  private double step(int t, Losses losses) {
    // networks draw nothing
    Noise none = Noise.of(params.seed(), t);
    var terms = new Terms();
    double[] values =
        steps.step(
            generators,
            none,
            params.learningRate(),
            params.maxNorm(),
            tape -> {
              objective(tape, terms, losses, t);
              return terms.all;
            });
    double sum = 0;
    for (int k = 0; k < values.length; k++) {
      terms.records.get(k)[t] += values[k];
      sum += values[k] * terms.all.get(k).weight();
    }
    return sum;
  }

  /** What is lowered, and where each term is recorded. */
  private static final class Terms {
    private final List<Loss.Term> all = new ArrayList<>();
    private final List<double[]> records = new ArrayList<>();

    void add(double[] record, Node value, double weight) {
      all.add(new Loss.Term("", Loss.Part.EXTRA, value, weight, false));
      records.add(record);
    }
  }

  private void objective(LayerTape tape, Terms terms, Losses losses, int t) {
    for (int s = 0; s < members.size(); s++) {
      Member member = members.get(s);
      member.values = tape.values(n, member.rows.nCols(), member.x);
      member.z = networks.encode(tape, s, member.values);
    }
    for (Pair pair : pairs) {
      between(tape, pair, terms, losses, t);
    }
    for (int s = 0; s < members.size(); s++) {
      within(tape, s, terms, losses);
    }
  }

  private void between(LayerTape tape, Pair pair, Terms terms, Losses losses, int t) {
    if (params.lambdaGan() > 0) {
      losses.discriminator()[t] += discriminate(pair, tape, t);
      Node z = tape.apply(2 * n, params.nLatent(), stack(), pair.first.z, pair.second.z);
      Node said = networks.discriminate(tape, pair.at, z);
      Node adversary = tape.apply(1, 1, new Adversary(n, -1), said);
      terms.add(losses.adversarial(), adversary, params.lambdaGan());
    }
    if (params.lambdaLa() > 0) {
      Node there = cycle(tape, pair.first, pair.at + 1);
      Node back = cycle(tape, pair.second, pair.at);
      terms.add(losses.cycle(), there, params.lambdaLa());
      terms.add(losses.cycle(), back, params.lambdaLa());
    }
    if (params.lambdaMnn() > 0) {
      Node apart = tape.apply(1, 1, pair.mutual, pair.first.z, pair.second.z);
      terms.add(losses.neighbors(), apart, params.lambdaMnn());
    }
  }

  private void within(LayerTape tape, int s, Terms terms, Losses losses) {
    Member member = members.get(s);
    if (params.lambdaAe() > 0) {
      Node lost = apart(tape, networks.decode(tape, s, member.z), member.values);
      terms.add(losses.reconstruction(), lost, params.lambdaAe());
    }
    if (params.lambdaGeo() > 0) {
      Node unlike = tape.apply(1, 1, member.geometry, member.z);
      terms.add(losses.geometry(), unlike, params.lambdaGeo());
    }
  }

  private Operation stack() {
    return new Stack(n * params.nLatent());
  }

  /** The loss at the last update; latent places stay as they are meanwhile. */
  private double discriminate(Pair pair, LayerTape tape, int t) {
    int size = n * params.nLatent();
    System.arraycopy(tape.read(pair.first.z), 0, pair.both, 0, size);
    System.arraycopy(tape.read(pair.second.z), 0, pair.both, size, size);
    double last = 0;
    for (int k = 0; k < params.discriminatorSteps(); k++) {
      double[] values =
          discriminatorSteps.step(
              pair.discriminator,
              Noise.of(params.seed(), t),
              params.learningRate(),
              0,
              own -> {
                Node z = own.values(2 * n, params.nLatent(), pair.both);
                Node said = networks.discriminate(own, pair.at, z);
                Node adversary = own.apply(1, 1, new Adversary(n, 1), said);
                return List.of(new Loss.Term("d", Loss.Part.EXTRA, adversary, 1, false));
              });
      last = values[0];
    }
    return last;
  }

  /** How far z lies from where the other set's networks bring it. */
  private Node cycle(LayerTape tape, Member of, int other) {
    Node there = networks.decode(tape, other, of.z);
    return apart(tape, networks.encode(tape, other, there), of.z);
  }

  private Node apart(LayerTape tape, Node a, Node b) {
    return tape.apply(1, 1, new MeanSquare(n * a.cols()), a, b);
  }

  @Override
  public void close() {
    steps.close();
    discriminatorSteps.close();
    products.close();
  }
}
