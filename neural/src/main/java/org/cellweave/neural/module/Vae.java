package org.cellweave.neural.module;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;
import org.cellweave.neural.distributions.Likelihood;
import org.cellweave.neural.module.VaeShape.Dispersion;
import org.cellweave.neural.module.VaeShape.LatentDistribution;
import org.cellweave.neural.nn.CountHeads;
import org.cellweave.neural.nn.Covariates;
import org.cellweave.neural.nn.Encoder;
import org.cellweave.neural.nn.FullyConnected;
import org.cellweave.neural.nn.Graph;
import org.cellweave.neural.nn.Node;
import org.cellweave.neural.nn.Parameter;
import org.cellweave.neural.nn.Parameters;
import org.cellweave.neural.nn.View;

/**
 * The variational autoencoder of counts: cells are encoded to normal distributions of latent
 * places, and places, with a cell's batch and total, are decoded to distributions of counts.
 *
 * @see <a href="https://doi.org/10.1038/s41592-018-0229-2">Lopez et al. 2018</a>
 */
public class Vae implements NeuralModule {
  private final VaeShape shape;
  private final Parameters parameters;
  private final Encoder encoder;
  private final Encoder libraryEncoder;
  private final FullyConnected decoder;
  private final HeadLayers heads;
  private final Parameter dispersion;

  public Vae(VaeShape shape, long seed) {
    this.shape = shape;
    this.parameters = new Parameters(seed);
    Covariates covariates = Covariates.of(shape.covariates());
    Covariates encoded = shape.encodeCovariates() ? covariates : Covariates.NONE;
    int numbers = shape.encodeCovariates() ? shape.continuous() : 0;
    encoder =
        new Encoder(
            parameters,
            encoderShape("z_encoder", shape.layers(), encoded, numbers),
            shape.latent(),
            Encoder.VARIANCE_EPSILON);
    libraryEncoder =
        shape.observedLibrary() || shape.sizeFactor()
            ? null
            : new Encoder(
                parameters,
                encoderShape("l_encoder", 1, encoded, numbers),
                1,
                Encoder.VARIANCE_EPSILON);
    decoder =
        shape.linearDecoder() ? null : new FullyConnected(parameters, decoderShape(covariates));
    heads = new HeadLayers(parameters, shape, covariates);
    dispersion = dispersionOf();
  }

  private FullyConnected.Shape encoderShape(
      String name, int layers, Covariates encoded, int numbers) {
    return new FullyConnected.Shape(
        name,
        shape.genes(),
        shape.hidden(),
        shape.hidden(),
        layers,
        shape.dropout(),
        shape.batchNorm().inEncoder(),
        shape.layerNorm().inEncoder(),
        true,
        true,
        shape.injectDeep(),
        encoded,
        numbers,
        true);
  }

  private FullyConnected.Shape decoderShape(Covariates covariates) {
    return new FullyConnected.Shape(
        "decoder",
        shape.latent(),
        shape.hidden(),
        shape.hidden(),
        shape.layers(),
        0,
        shape.batchNorm().inDecoder(),
        shape.layerNorm().inDecoder(),
        true,
        true,
        shape.injectDeep(),
        covariates,
        shape.continuous(),
        false);
  }

  private Parameter dispersionOf() {
    if (shape.likelihood() == Likelihood.POISSON || shape.dispersion() == Dispersion.GENE_CELL) {
      return null;
    }
    return parameters.normal("px_r", shape.dispersionRows(), shape.genes());
  }

  @Override
  public Parameters parameters() {
    return parameters;
  }

  public VaeShape shape() {
    return shape;
  }

  public Encoder encoder() {
    return encoder;
  }

  /** The distribution of latent places of cells. */
  public Encoder.Place encode(Graph graph, View view) {
    return encoder.ofCounts(graph, view, shape.logVariational());
  }

  /** Whether totals are drawn from a distribution of their own. */
  public boolean infersLibrary() {
    return libraryEncoder != null;
  }

  /** The distribution of the logarithm of totals, where they are inferred. */
  public Encoder.Place encodeLibrary(Graph graph, View view) {
    return libraryEncoder.ofCounts(graph, view, shape.logVariational());
  }

  /** A draw from a distribution of places, as the decoder wants it. */
  public Node draw(Graph graph, Encoder.Place place) {
    Node z = place.sample(graph);
    return shape.latentDistribution() == LatentDistribution.LN ? graph.softmax(z) : z;
  }

  /**
   * @param z cells by latent dimensions
   * @param library cells by 1, logarithm of the total
   */
  public CountHeads decode(Graph graph, Node z, Node library) {
    Node h = decoder == null ? z : decoder.apply(graph, z, View.CELLS);
    return new CountHeads(
        shape.likelihood(),
        heads.scale(graph, h),
        shape.sizeFactor(),
        heads.dropout(graph, h),
        dispersion,
        shape.dispersion().codes(),
        heads.dispersion(graph, h),
        library);
  }

  /**
   * A place of every cell, drawn and decoded.
   *
   * @param place what it was drawn from
   * @param z cells by latent dimensions
   * @param libraryKl cells by 1, divergence of inferred totals; null where they are observed
   */
  public record Drawn(Encoder.Place place, Node z, CountHeads heads, Node libraryKl) {}

  /** Draws places and totals of the minibatch's cells, and decodes them. */
  public Drawn drawn(Graph graph) {
    Encoder.Place place = encode(graph, View.CELLS);
    Node z = draw(graph, place);
    if (!infersLibrary()) {
      Node library = graph.numbers(View.CELLS, "library", 1);
      return new Drawn(place, z, decode(graph, z, library), null);
    }
    Encoder.Place total = encodeLibrary(graph, View.CELLS);
    Node library = total.sample(graph);
    Node kl =
        graph.klNormal(
            total.mean(),
            total.variance(),
            graph.numbers(View.CELLS, "library_mean", 1),
            graph.numbers(View.CELLS, "library_variance", 1));
    return new Drawn(place, z, decode(graph, z, library), kl);
  }

  /** What the evidence lower bound has beside the likelihood of counts. */
  public List<CellTerm> terms(Graph graph, Drawn of) {
    List<CellTerm> out = new ArrayList<>();
    Node kl = graph.klStandard(of.place().mean(), of.place().variance());
    out.add(new CellTerm("kl_local", Loss.Part.KL, kl, 1, true));
    if (of.libraryKl() != null) {
      out.add(new CellTerm("kl_library", Loss.Part.KL, of.libraryKl(), 1, false));
    }
    return out;
  }

  /**
   * Adds the evidence lower bound.
   *
   * @param reconstruction factor of the likelihood of counts
   */
  protected final Drawn elbo(Graph graph, Loss.Builder loss, double reconstruction) {
    Drawn of = drawn(graph);
    Node rec = graph.reconstruction(View.CELLS, of.heads());
    loss.add("reconstruction_loss", Loss.Part.RECONSTRUCTION, rec, reconstruction, false);
    for (CellTerm term : terms(graph, of)) {
      Node mean = graph.mean(term.value());
      loss.add(term.name(), term.part(), mean, term.weight(), term.warmedUp());
    }
    return of;
  }

  @Override
  public Loss loss(Graph graph) {
    Loss.Builder loss = Loss.builder();
    elbo(graph, loss, 1);
    return loss.build();
  }

  /**
   * Keeps the parts of a reference, whose weights are in place: of every covariate only the levels
   * that it does not know are trained.
   *
   * @param known levels of the reference by covariate
   */
  public void keepReference(ToIntFunction<String> known, KeptParts kept) {
    if (dispersion != null) {
      boolean byBatch = shape.dispersion() == Dispersion.GENE_BATCH;
      dispersion.trainFrom(byBatch ? known.applyAsInt("batch") : dispersion.rows());
    }
    encoder.body().freezeBut(known, kept.expression());
    if (kept.encoderNorms()) {
      encoder.body().freezeNorms();
    }
    if (decoder != null) {
      decoder.freezeBut(known, kept.decoderFirstLayer());
      if (kept.decoderNorms()) {
        decoder.freezeNorms();
      }
    }
    heads.freezeBut(known, decoder != null || kept.decoderFirstLayer(), kept.decoderNorms());
    freeze("z_encoder.mean.", "z_encoder.var.");
  }

  /** Stops training of all weights whose names begin like this. */
  protected final void freeze(String... prefixes) {
    for (Parameter p : parameters.all()) {
      for (String prefix : prefixes) {
        if (p.name().startsWith(prefix)) {
          p.freeze();
        }
      }
    }
  }
}
