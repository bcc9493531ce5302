package org.cellweave.neural.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.cellweave.design.Categories;
import org.cellweave.neural.data.CellData;
import org.cellweave.neural.data.CellData.Covariates;
import org.cellweave.neural.data.MatrixRows;
import org.cellweave.neural.module.KeptParts;
import org.cellweave.neural.module.VaeShape.Dispersion;
import org.cellweave.neural.nn.Parameter;
import org.cellweave.testing.Seeds;
import org.junit.jupiter.api.Test;

class QueryMappingTest {
  private static final int N = 120;
  private static final CellData CELLS = Example.cells(N);
  private static final CellData QUERY = Example.cells(N, Example.cycle("lane", N, "z", "y"));
  private static final Scvi MODEL = Example.scvi(CELLS, Example.small().nLayers(2).build());

  private static Map<String, float[]> weights(CountModel model) {
    return model.module().parameters().snapshot();
  }

  @Test
  void newBatchesAreAddedAfterTheKnownOnes() {
    Scvi query = QueryMapping.loadQueryData(MODEL, QUERY, KeptParts.DEFAULTS);
    assertThat(query.levels("batch")).containsExactly("x", "y", "z");
    assertThat(query.isTrained()).isFalse();
    assertThat(query.toString()).endsWith("Not Trained");
    Parameter table = query.module().parameters().get("decoder.0.batch");
    float[] before = MODEL.module().parameters().get("decoder.0.batch").values();
    assertThat(table.rows()).isEqualTo(3);
    assertThat(Arrays.copyOf(table.values(), before.length)).isEqualTo(before);
  }

  /** The encoder sees no batches, so that reference cells stay where they were. */
  @Test
  void trainingChangesTheNewLevelsAlone() {
    Scvi query = QueryMapping.loadQueryData(MODEL, QUERY, KeptParts.DEFAULTS);
    Map<String, float[]> before = weights(query);
    Example.trained(query, QUERY, 3);
    weights(query)
        .forEach(
            (name, after) -> {
              float[] old = before.get(name);
              boolean norm = name.startsWith("decoder") && name.contains(".bn.");
              if (name.startsWith("decoder") && name.endsWith(".batch")) {
                int known = 2 * after.length / 3;
                assertThat(Arrays.copyOf(after, known)).isEqualTo(Arrays.copyOf(old, known));
                assertThat(after).isNotEqualTo(old);
              } else if (norm) {
                assertThat(after).as(name).isNotEqualTo(old);
              } else {
                assertThat(after).as(name).isEqualTo(old);
              }
            });
    assertThat(query.isTrained()).isTrue();
    assertThat(query.latentRepresentation(CELLS).toFloat32().floatData())
        .isEqualTo(MODEL.latentRepresentation(CELLS).toFloat32().floatData());
  }

  @Test
  void partsCanBeLetGo() {
    var free =
        KeptParts.builder()
            .expression(false)
            .decoderFirstLayer(false)
            .encoderNorms(false)
            .decoderNorms(true)
            .dropout(true)
            .build();
    Scvi query = QueryMapping.loadQueryData(MODEL, QUERY, free);
    assertThat(query.params().dropoutRate()).isZero();
    Map<String, float[]> before = weights(query);
    Example.trained(query, QUERY, 2);
    Map<String, float[]> after = weights(query);
    for (String name : List.of("z_encoder.0.weight", "decoder.0.weight", "z_encoder.0.bn.gamma")) {
      assertThat(after.get(name)).as(name).isNotEqualTo(before.get(name));
    }
    for (String name :
        List.of("z_encoder.mean.weight", "decoder.1.weight", "decoder.0.bn.gamma", "px_r")) {
      assertThat(after.get(name)).as(name).isEqualTo(before.get(name));
    }
    Scvi whole = QueryMapping.loadQueryData(MODEL, QUERY, null);
    before.putAll(weights(whole));
    Example.trained(whole, QUERY, 1);
    assertThat(weights(whole).get("px_scale.0.weight"))
        .isNotEqualTo(before.get("px_scale.0.weight"));
  }

  @Test
  void aReferenceOfOneBatchKeepsItsPlaces() {
    var one = Example.cycle("lane", N, "x");
    var reference =
        Example.scvi(Example.cells(N, one), Example.small().encodeCovariates(true).build());
    Scvi query = QueryMapping.loadQueryData(reference, QUERY, KeptParts.DEFAULTS);
    assertThat(query.levels("batch")).containsExactly("x", "z", "y");
    assertThat(query.latentRepresentation(Example.cells(N, one)).toFloat32().floatData())
        .isEqualTo(reference.latentRepresentation(Example.cells(N, one)).toFloat32().floatData());
  }

  @Test
  void dispersionsOfNewBatchesAreTrained() {
    var reference = Example.scvi(CELLS, Example.small().dispersion(Dispersion.GENE_BATCH).build());
    Scvi query = QueryMapping.loadQueryData(reference, QUERY, KeptParts.DEFAULTS);
    float[] before = weights(query).get("px_r");
    Example.trained(query, QUERY, 2);
    float[] after = weights(query).get("px_r");
    int known = 2 * Example.GENES;
    assertThat(Arrays.copyOf(after, known)).isEqualTo(Arrays.copyOf(before, known));
    assertThat(Arrays.copyOfRange(after, known, after.length))
        .isNotEqualTo(Arrays.copyOfRange(before, known, before.length));
  }

  @Test
  void aClassifierIsKept() {
    var params = Scanvi.Params.of(Example.small().build(), "none");
    Scanvi reference = Example.trained(Scanvi.of(CELLS, params), CELLS, 3);
    Scanvi query = QueryMapping.loadQueryData(reference, QUERY, KeptParts.DEFAULTS);
    Map<String, float[]> before = weights(query);
    Example.trained(query, QUERY, 2);
    weights(query)
        .forEach(
            (name, after) -> {
              if (name.startsWith("classifier") || name.contains("z1")) {
                assertThat(after).as(name).isEqualTo(before.get(name));
              }
            });
    assertThat(query.classes()).isEqualTo(reference.classes());
  }

  /** As most new cells are: their labels are what is asked for. */
  @Test
  void cellsWithoutAnyLabelAreTrainedOnWithoutTheClassifiersLoss() {
    var params = Scanvi.Params.of(Example.small().build(), "none");
    Scanvi reference = Example.trained(Scanvi.of(CELLS, params), CELLS, 3);
    var none = Example.cycle("obs['type']", N, "none");
    var lane = Example.cycle("lane", N, "z");
    var bare =
        new CellData(
            new MatrixRows(Example.counts(N, 1), Example.genes()),
            new Covariates("X", lane, none, List.of(), List.of(), null));
    var without =
        new CellData(new MatrixRows(Example.counts(N, 1), Example.genes()), Covariates.of(lane));
    Map<String, float[]> first = null;
    for (int threads : new int[] {1, 2, 7}) {
      Scanvi query = QueryMapping.loadQueryData(reference, bare, KeptParts.DEFAULTS);
      Map<String, float[]> before = weights(query);
      Seeds.withThreads(threads, () -> Example.trained(query, bare, 2));
      Map<String, float[]> after = weights(query);
      first = first == null ? after : first;
      assertThat(after).usingRecursiveComparison().isEqualTo(first);
      assertThat(after.get("decoder.0.batch")).isNotEqualTo(before.get("decoder.0.batch"));
      assertThat(query.history().names())
          .contains("elbo_train", "kl_local_train")
          .noneMatch(name -> name.contains("classification") || name.contains("accuracy"));
      assertThat(query.predict(bare)).isEqualTo(query.predict(without));
    }
    // where one has a label, the classifier's loss is there again
    Scanvi labelled = QueryMapping.loadQueryData(reference, CELLS, KeptParts.DEFAULTS);
    assertThat(Example.trained(labelled, CELLS, 1).history().names())
        .contains("train_classification_loss");
    // and all parts can be let go
    Scanvi free = QueryMapping.loadQueryData(reference, bare, null);
    assertThat(Example.trained(free, bare, 1).history().epochs()).isEqualTo(1);
  }

  /** Totals of new batches are those of the new cells, of known ones as they were. */
  @Test
  void totalsOfNewBatchesAreTheirOwn() {
    var reference = Example.scvi(CELLS, Example.small().useObservedLibSize(false).build());
    Scvi query = QueryMapping.loadQueryData(reference, QUERY, KeptParts.DEFAULTS);
    var totals = query.registry().logTotals();
    assertThat(totals.means()[0]).isEqualTo(reference.registry().logTotals().means()[0]);
    assertThat(totals.means()[2]).isEqualTo(QUERY.logTotals().means()[0]);
    Example.trained(query, QUERY, 1);
    assertThat(query.elbo(QUERY, 1)).isFinite();
  }

  @Test
  void aLinearDecoderTakesNewBatches() {
    LinearScvi reference =
        Example.trained(LinearScvi.of(CELLS, LinearScvi.Params.DEFAULTS), CELLS, 2);
    assertThat(reference.loadings().nRows()).isEqualTo(Example.GENES);
    assertThat(reference.loadings().nCols()).isEqualTo(10);
    LinearScvi query = QueryMapping.loadQueryData(reference, QUERY, KeptParts.DEFAULTS);
    float[] before = weights(query).get("px_scale.0.batch");
    Example.trained(query, QUERY, 1);
    assertThat(weights(query).get("px_scale.0.batch")).isNotEqualTo(before);
    assertThat(weights(query).get("px_scale.0.weight"))
        .isEqualTo(weights(reference).get("px_scale.0.weight"));
  }

  @Test
  void genesAreBroughtInOrder() {
    String[] turned = new String[Example.GENES + 1];
    for (int g = 0; g < Example.GENES; g++) {
      turned[g] = "G" + (Example.GENES - 1 - g);
    }
    turned[Example.GENES] = "other";
    int[] columns = new int[turned.length];
    Arrays.setAll(columns, c -> c == Example.GENES ? 0 : Example.GENES - 1 - c);
    var rows = new MatrixRows(Example.counts(N, 1).takeCols(columns), turned);
    var prepared = QueryMapping.prepareQuery(MODEL, rows);
    assertThat(prepared.found()).isEqualTo(Example.GENES);
    assertThat(prepared.warnings()).isEmpty();
    var cells = new CellData(prepared.rows(), Covariates.of(Example.batch(N)));
    assertThat(MODEL.latentRepresentation(cells).toFloat32().floatData())
        .isEqualTo(MODEL.latentRepresentation(CELLS).toFloat32().floatData());
  }

  @Test
  void missingGenesCountZero() {
    int[] columns = new int[30];
    Arrays.setAll(columns, c -> c);
    String[] names = Arrays.copyOf(Example.genes(), 30);
    var rows = new MatrixRows(Example.counts(N, 1).takeCols(columns), names);
    var prepared = QueryMapping.prepareQuery(MODEL, rows);
    assertThat(prepared.found()).isEqualTo(30);
    assertThat(prepared.warnings())
        .containsExactly(
            "30 of the model's 40 genes are there (75 %); the others count zero, and places may be"
                + " poor");
    var cells = new CellData(prepared.rows(), Covariates.of(Example.batch(N)));
    assertThat(MODEL.latentRepresentation(cells).nRows()).isEqualTo(N);
  }

  @Test
  void cellsThatTheModelDoesNotKnowAreRefused() {
    assertThatThrownBy(() -> MODEL.latentRepresentation(QUERY))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "level 'z' of lane was not there when the SCVI model was made, only [x, y]. Add such"
                + " cells by loadQueryData, or leave them out");
    var short1 =
        new MatrixRows(Example.counts(N, 1).takeCols(new int[] {0, 1, 2, 5, 6, 7, 10, 11, 12}));
    var fewer = new CellData(short1, Covariates.of(Example.batch(N)));
    assertThatThrownBy(() -> MODEL.latentRepresentation(fewer))
        .hasMessageContaining("X has 9 genes, but the SCVI model was made for 40")
        .hasMessageContaining("prepareQuery");
    String[] names = Example.genes();
    names[3] = "odd";
    var renamed =
        new CellData(new MatrixRows(Example.counts(N, 1), names), Covariates.of(Example.batch(N)));
    assertThatThrownBy(() -> QueryMapping.loadQueryData(MODEL, renamed, KeptParts.DEFAULTS))
        .hasMessageContaining("gene 3 of X is 'odd', but the SCVI model has 'G3' there");
    var sized =
        new CellData(
            new MatrixRows(Example.counts(N, 1)),
            new Covariates("X", Example.batch(N), null, List.of(), List.of(), CELLS.totals()));
    assertThatThrownBy(() -> MODEL.latentRepresentation(sized))
        .hasMessage("the SCVI model was made without size factors, but these cells have some");
    var numbered =
        new CellData(
            new MatrixRows(Example.counts(N, 1)),
            new Covariates("X", Example.batch(N), null, List.of(), List.of(new double[N]), null));
    assertThatThrownBy(() -> MODEL.latentRepresentation(numbered))
        .hasMessageContaining("was made with 0 continuous covariates, but these cells have 1");
    Scvi untrained = Scvi.of(CELLS, Example.small().build());
    assertThatThrownBy(() -> QueryMapping.loadQueryData(untrained, QUERY, KeptParts.DEFAULTS))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("not trained");
  }

  @Test
  void genesThatCannotBeMatchedAreRefused() {
    var nameless = new MatrixRows(Example.counts(N, 1));
    assertThatThrownBy(() -> QueryMapping.prepareQuery(MODEL, nameless))
        .hasMessageContaining("these counts have no gene names");
    String[] others = Arrays.stream(Example.genes()).map(g -> "ENS" + g).toArray(String[]::new);
    var foreign = new MatrixRows(Example.counts(N, 1), others);
    assertThatThrownBy(() -> QueryMapping.prepareQuery(MODEL, foreign))
        .hasMessageContaining("none of the 40 genes of the SCVI model is there; it has [G0, G1");
    String[] twice = Example.genes();
    twice[1] = "G0";
    assertThatThrownBy(
            () -> QueryMapping.prepareQuery(MODEL, new MatrixRows(Example.counts(N, 1), twice)))
        .hasMessageContaining("gene 'G0' occurs twice");
    var without = new CellData(nameless, Covariates.of(Example.batch(N)));
    Scvi numbered = Scvi.of(without, Example.small().build());
    assertThatThrownBy(() -> QueryMapping.prepareQuery(numbered, foreign))
        .hasMessageContaining("made without gene names");
    var doubled =
        new CellData(new MatrixRows(Example.counts(N, 1), twice), Covariates.of(Example.batch(N)));
    assertThatThrownBy(() -> Scvi.of(doubled, Example.small().build()))
        .hasMessageContaining("gene names must be distinct, got 'G0' twice");
  }

  @Test
  void furtherCovariatesAreNeededAndExtended() {
    Categories donor = Example.cycle("donor", N, "p", "q", "r");
    var with =
        new CellData(
            new MatrixRows(Example.counts(N, 1)),
            new Covariates("X", Example.batch(N), null, List.of(donor), List.of(), null));
    Scvi model = Example.scvi(with, Example.small().build());
    assertThatThrownBy(() -> model.latentRepresentation(CELLS))
        .hasMessage("the SCVI model was made with category_0, which these cells lack");
    Categories other = Example.cycle("donor", N, "s", "q");
    var query =
        new CellData(
            new MatrixRows(Example.counts(N, 1)),
            new Covariates("X", Example.batch(N), null, List.of(other), List.of(), null));
    Scvi mapped = QueryMapping.loadQueryData(model, query, KeptParts.DEFAULTS);
    assertThat(mapped.levels("category_0")).containsExactly("p", "q", "r", "s");
  }
}
