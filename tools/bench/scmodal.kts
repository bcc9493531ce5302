// The steps of scMODAL on two sets of cells; milliseconds of the middle one on standard output.
// usage: ./cellweave tools/bench/scmodal.kts CELLS.h5ad OTHERS.h5ad STEPS, which tools/bench/scmodal does

import org.cellweave.neural.scmodal.Scmodal
import org.cellweave.util.Progress

val (first, second) = args.take(2).map { sc.readH5ad(it) }
val steps = args[2].toInt()
val at = first.varNames.withIndex().associate { (j, name) -> name to j }
val shared = second.varNames.indices.filter { second.varNames[it] in at }
val input =
    Scmodal.Input(
        listOf(Scmodal.DataSet("first", first.X), Scmodal.DataSet("second", second.X)),
        listOf(
            Scmodal.Links(
                first.X.takeCols(shared.map { at.getValue(second.varNames[it]) }.toIntArray()),
                second.X.takeCols(shared.toIntArray()),
            ),
        ),
    )
// the JIT is done after some steps
val warm = 30
val ends = LongArray(warm + steps)
Scmodal.run(input, Scmodal.Params.builder().trainingSteps(ends.size).build(), Progress { _, step, _, _ -> ends[step - 1] = System.nanoTime() })
println((warm until ends.size).map { (ends[it] - ends[it - 1]) / 1e6 }.sorted()[steps / 2])
