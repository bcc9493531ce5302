package org.cellweave.preprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.function.UnaryOperator;
import org.cellweave.matrix.DenseMatrix;
import org.cellweave.matrix.Matrix;
import org.cellweave.testing.Seeds;
import org.junit.jupiter.api.Test;

/** Figures of muon 0.2.0 on four cells and three features, and what must hold of any counts. */
class ModalityPreprocessingTest {
  private static final double[] X = {1, 0, 3, 0, 2, 0, 4, 5, 6, 1, 1, 0};

  private static Matrix x() {
    return DenseMatrix.wrap(X.clone(), 4, 3);
  }

  private static double[] values(Matrix m) {
    return m.toDense().doubleData();
  }

  private static Matrix clr(Matrix x, Clr.Axis axis, Clr.Flavor flavor) {
    return Clr.run(x, new Clr.Params(axis, flavor));
  }

  private static Matrix tfidf(Matrix x, TfIdf.Params params) {
    TfIdf.run(x, params);
    return x;
  }

  @Test
  void clrOfSeuratIsMuonsDefault() {
    assertThat(values(clr(x(), Clr.Axis.FEATURES, Clr.Flavor.SEURAT)))
        .containsExactly(
            new double[] {
              0.38721342453782276,
              0,
              0.8347173201324941,
              0,
              0.5969096904465341,
              0,
              1.0617695946934835,
              1.112265804530245,
              1.283243739953244,
              0.38721342453782276,
              0.34234658484830527,
              0
            },
            within(1e-12));
    assertThat(values(clr(x(), Clr.Axis.CELLS, Clr.Flavor.SEURAT)))
        .containsExactly(
            new double[] {
              0.4054651081081644,
              0,
              0.9162907318741551,
              0,
              0.8699211062906435,
              0,
              0.514592328595512,
              0.6104150524397255,
              0.6978533488793025,
              0.4885557967017562,
              0.4885557967017562,
              0
            },
            within(1e-12));
  }

  @Test
  void clrOfStoeckiusIsCentred() {
    assertThat(values(clr(x().toCsr(), Clr.Axis.CELLS, Clr.Flavor.STOECKIUS)))
        .containsExactly(
            new double[] {
              0,
              -0.6931471805599453,
              0.6931471805599453,
              -0.3662040962227033,
              0.7324081924454064,
              -0.3662040962227033,
              -0.17293126447172238,
              0.00939029233223224,
              0.16354097214949045,
              0.23104906018664845,
              0.23104906018664845,
              -0.46209812037329684
            },
            within(1e-7));
    assertThat(values(clr(x(), Clr.Axis.FEATURES, Clr.Flavor.STOECKIUS))[3])
        .isEqualTo(-0.7489330683884977, within(1e-12));
  }

  @Test
  void tfidfIsMuons() {
    assertThat(values(tfidf(x(), TfIdf.Params.DEFAULTS)))
        .containsExactly(
            new double[] {
              3.996927473263827,
              0,
              3.281131588028258,
              0,
              3.734512199119935,
              0,
              4.029882637886973,
              3.2891443255326918,
              3.0500194999605323,
              4.35090267965025,
              3.453505743049107,
              0
            },
            within(1e-12));
    var b = TfIdf.Params.builder();
    assertThat(values(tfidf(x(), b.logTf(false).build()))[0])
        .isEqualTo(1277.0640594149766, within(1e-9));
    assertThat(values(tfidf(x(), b.logIdf(false).logTfidf(true).build()))[2])
        .isEqualTo(8.11202803831707, within(1e-12));
    assertThat(values(tfidf(x(), TfIdf.Params.builder().logIdf(false).build()))[10])
        .isEqualTo(4.258696585709452, within(1e-12));
    assertThat(values(tfidf(x(), TfIdf.Params.builder().scaleFactor(1).build()))[0])
        .isEqualTo(0.11398744378943954, within(1e-12));
  }

  @Test
  void tfidfOfMultimapHasRowsOfLengthOne() {
    double[] out = values(tfidf(x(), TfIdf.Params.builder().flavor(TfIdf.Flavor.MULTIMAP).build()));
    double g0 = 1 + Math.log(5.0 / 4);
    double g2 = (1 + Math.log(3)) * (1 + Math.log(5.0 / 3));
    assertThat(out[0]).isEqualTo(g0 / Math.hypot(g0, g2), within(1e-12));
    assertThat(out[2]).isEqualTo(g2 / Math.hypot(g0, g2), within(1e-12));
    assertThat(out[4]).isEqualTo(1, within(1e-12));
  }

  @Test
  void lsiIsTheScaledLeftSingularVectors() {
    Matrix x = Seeds.counts(60, 30, 0.4, 3).toDense();
    Lsi.Result all = Lsi.run(x, Lsi.Params.builder().nComps(5).build());
    Lsi.Result plain = Lsi.run(x, Lsi.Params.builder().nComps(5).scaleEmbeddings(false).build());
    Lsi.Result rest = Lsi.run(x, Lsi.Params.builder().nComps(5).dropFirst(true).build());
    assertThat(rest.embedding().nCols()).isEqualTo(4);
    assertThat(rest.stdev()[0]).isEqualTo(all.stdev()[1]);
    for (int c = 0; c < 5; c++) {
      double sum = 0;
      double squares = 0;
      double length = 0;
      for (int i = 0; i < 60; i++) {
        sum += all.embedding().get(i, c);
        squares += Math.pow(all.embedding().get(i, c), 2);
        length += Math.pow(plain.embedding().get(i, c), 2);
        double product = 0;
        for (int j = 0; j < 30; j++) {
          product += x.get(i, j) * plain.loadings().get(j, c);
        }
        assertThat(product)
            .isEqualTo(
                plain.embedding().get(i, c) * plain.stdev()[c] * Math.sqrt(59), within(1e-8));
      }
      assertThat(sum).isEqualTo(0, within(1e-9));
      assertThat(squares / 60).isEqualTo(1, within(1e-9));
      assertThat(length).isEqualTo(1, within(1e-9));
    }
  }

  @Test
  void storageAndThreadsDoNotMatter() {
    Seeds.forEach(
        20,
        seed -> {
          same(seed, x -> clr(x, Clr.Axis.FEATURES, Clr.Flavor.SEURAT));
          same(seed, x -> clr(x, Clr.Axis.CELLS, Clr.Flavor.SEURAT));
          same(seed, x -> clr(x, Clr.Axis.CELLS, Clr.Flavor.STOECKIUS));
          same(seed, x -> tfidf(x, TfIdf.Params.DEFAULTS));
          same(seed, x -> tfidf(x, TfIdf.Params.builder().flavor(TfIdf.Flavor.MULTIMAP).build()));
          same(seed, ModalityPreprocessingTest::binary);
        });
  }

  private static void same(long seed, UnaryOperator<Matrix> step) {
    var counts = Seeds.counts(300, 20, 0.3, seed);
    double[] one = Seeds.withThreads(1, () -> values(step.apply(counts.copy())));
    assertThat(Seeds.withThreads(2, () -> values(step.apply(counts.copy())))).isEqualTo(one);
    assertThat(Seeds.withThreads(7, () -> values(step.apply(counts.copy())))).isEqualTo(one);
    assertThat(values(step.apply(counts.toDense()))).containsExactly(one, within(1e-5));
  }

  private static Matrix binary(Matrix x) {
    Binarize.run(x);
    return x;
  }

  @Test
  void cellsAndPeaksWithoutCountsStayZero() {
    Matrix empty = DenseMatrix.wrap(new double[] {0, 0, 1, 0}, 2, 2);
    assertThat(values(tfidf(empty.copy(), TfIdf.Params.DEFAULTS))[0]).isZero();
    assertThat(values(tfidf(empty.copy(), TfIdf.Params.DEFAULTS))[2]).isPositive();
    assertThat(values(binary(DenseMatrix.wrap(new double[] {0, 3, 1, 0.5}, 2, 2))))
        .containsExactly(0, 1, 1, 1);
  }

  @Test
  void refusesWhatIsNoCount() {
    Matrix negative = DenseMatrix.wrap(new double[] {1, -2}, 1, 2);
    assertThatThrownBy(() -> Clr.run(negative, Clr.Params.DEFAULTS))
        .hasMessageContaining("clr needs values that are not negative, but X[0, 1] is -2.0");
    assertThatThrownBy(() -> TfIdf.run(negative, TfIdf.Params.DEFAULTS))
        .hasMessageContaining("tfidf needs values that are not negative");
    Matrix nan = DenseMatrix.wrap(new double[] {1, Double.NaN}, 1, 2);
    assertThatThrownBy(() -> Binarize.run(nan)).hasMessageContaining("X[0, 1] is NaN");
    assertThatThrownBy(() -> TfIdf.Params.builder().logTfidf(true).build())
        .hasMessageContaining("logTf and logIdf must be false");
    assertThatThrownBy(() -> TfIdf.Params.builder().scaleFactor(0).build())
        .hasMessageContaining("scaleFactor must be positive");
    assertThatThrownBy(() -> new Lsi.Params(1, true, true, 0))
        .hasMessageContaining("nComps must be at least 2 with dropFirst");
  }
}
