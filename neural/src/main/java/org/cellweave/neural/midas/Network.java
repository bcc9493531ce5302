package org.cellweave.neural.midas;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.cellweave.neural.data.Counts;
import org.cellweave.neural.nn.Node;
import org.cellweave.neural.nn.Parameter;
import org.cellweave.neural.nn.Parameters;

/** The networks of a model: encoders, decoders, those of the batch, and discriminators. */
final class Network {
  private static final int BATCH_UNITS = 16;
  private static final int[] DISCRIMINATOR_UNITS = {128, 64};

  private final Shape shape;
  private final int dimC;
  private final int dimZ;
  private final Parameters encoding;
  private final Parameters judging;
  private final List<Encoder> encoders = new ArrayList<>();
  private final List<Head> heads = new ArrayList<>();
  private final List<Layer> shared;
  private final List<Layer> trunk;
  private final List<Layer> ofBatch;
  private final List<Layer> toBatch;

  /** By modality, then of all together; null where there is one batch alone. */
  private final List<List<Layer>> discriminators = new ArrayList<>();

  /**
   * @param batches all that the model knows
   * @param having those that have a modality, by modality
   */
  record Shape(List<Modality> modalities, List<String> batches, List<List<String>> having) {
    /**
     * @param known a shape whose batches come first; null for none
     */
    static Shape of(List<Modality> modalities, MosaicCells cells, Shape known) {
      Set<String> batches = new LinkedHashSet<>(known == null ? List.of() : known.batches);
      cells.parts().forEach(p -> batches.add(p.batch()));
      List<List<String>> having = new ArrayList<>();
      for (int m = 0; m < modalities.size(); m++) {
        int modality = m;
        Set<String> of = new LinkedHashSet<>(known == null ? List.of() : known.having.get(m));
        cells.parts().stream().filter(p -> p.has(modality)).forEach(p -> of.add(p.batch()));
        having.add(List.copyOf(of));
      }
      return new Shape(List.copyOf(modalities), List.copyOf(batches), List.copyOf(having));
    }

    /** Batches that the discriminator of a modality tells apart; of all after the last one. */
    List<String> told(int modality) {
      return modality < having.size() ? having.get(modality) : batches;
    }
  }

  Network(Shape shape, Midas.Params params) {
    this.shape = shape;
    this.dimC = params.dimC();
    this.dimZ = params.dimC() + params.dimU();
    this.encoding = new Parameters(params.seed());
    this.judging = new Parameters(params.seed());
    int hidden = params.nHidden();
    int middle = params.nShared();
    for (Modality of : shape.modalities()) {
      encoders.add(new Encoder(encoding, of, hidden));
      heads.add(new Head(encoding, of, hidden));
    }
    shared =
        List.of(
            Layer.activated(encoding, "shared_encoder.0", hidden, middle),
            Layer.linear(encoding, "shared_encoder.1", middle, 2 * dimZ));
    trunk =
        List.of(
            Layer.activated(encoding, "shared_decoder.0", dimZ, middle),
            Layer.activated(encoding, "shared_decoder.1", middle, hidden));
    int batches = shape.batches().size();
    ofBatch = layers(encoding, "batch_encoder", batches, BATCH_UNITS, BATCH_UNITS, 2 * dimZ);
    toBatch = layers(encoding, "batch_decoder", params.dimU(), BATCH_UNITS, BATCH_UNITS, batches);
    for (int m = 0; m <= shape.modalities().size(); m++) {
      discriminators.add(discriminator(m));
    }
  }

  private List<Layer> discriminator(int m) {
    int classes = shape.told(m).size();
    if (classes < 2) {
      return null;
    }
    boolean ofAll = m == shape.modalities().size();
    String name = ofAll ? "discriminator" : "discriminator." + shape.modalities().get(m).name();
    return layers(judging, name, dimC, DISCRIMINATOR_UNITS[0], DISCRIMINATOR_UNITS[1], classes);
  }

  private static List<Layer> layers(Parameters in, String name, int a, int b, int c, int d) {
    return List.of(
        Layer.activated(in, name + ".0", a, b),
        Layer.activated(in, name + ".1", b, c),
        Layer.linear(in, name + ".2", c, d));
  }

  private static Node through(Pass pass, List<Layer> layers, Node x) {
    Node h = x;
    for (Layer layer : layers) {
      h = layer.apply(pass, h);
    }
    return h;
  }

  Shape shape() {
    return shape;
  }

  int dimC() {
    return dimC;
  }

  int dimZ() {
    return dimZ;
  }

  /** Of all but the discriminators. */
  Parameters encoding() {
    return encoding;
  }

  /** Of the discriminators. */
  Parameters judging() {
    return judging;
  }

  /** Where the cells lie by one modality: means, then logarithms of variances. */
  Node encoded(Pass pass, int modality, Counts[] counts) {
    return through(pass, shared, encoders.get(modality).apply(pass, counts));
  }

  /** Where cells of a batch lie by that alone. */
  Node ofBatch(Pass pass, int cells, String batch) {
    int batches = shape.batches().size();
    float[] oneHot = new float[cells * batches];
    int place = shape.batches().indexOf(batch);
    for (int i = 0; i < cells; i++) {
      oneHot[i * batches + place] = 1;
    }
    return through(pass, ofBatch, pass.tape().values(cells, batches, oneHot));
  }

  /** Cross-entropy of the batch by the technical dimensions. */
  Node batchLoss(Pass pass, Node place, String batch) {
    Node logits = through(pass, toBatch, Columns.of(pass.tape(), place, dimC, dimZ));
    return classLoss(pass, logits, shape.batches().indexOf(batch));
  }

  private static Node classLoss(Pass pass, Node logits, int target) {
    int rows = pass.tape().rows(logits);
    return pass.tape().apply(1, 1, new ClassLoss(rows, logits.cols(), target), logits);
  }

  /** The layers of the decoder that all modalities share. */
  Node decoded(Pass pass, Node place) {
    return through(pass, trunk, place);
  }

  Head head(int modality) {
    return heads.get(modality);
  }

  /**
   * Cross-entropy of the batch by the biological dimensions; null where there is nothing to tell
   * apart.
   *
   * @param modality that they were found by; the number of modalities for all together
   */
  Node judged(Pass pass, int modality, Node c, String batch) {
    List<Layer> layers = discriminators.get(modality);
    return layers == null
        ? null
        : classLoss(pass, through(pass, layers, c), shape.told(modality).indexOf(batch));
  }

  boolean judges(int modality) {
    return discriminators.get(modality) != null;
  }

  Collection<Parameter> all() {
    List<Parameter> out = new ArrayList<>(encoding.all());
    out.addAll(judging.all());
    return out;
  }
}
