package org.cellweave.dsl.session

import org.cellweave.io.file.Sync
import org.cellweave.io.remote.RemoteFile
import org.cellweave.util.Check
import org.cellweave.util.MemoryBudget
import org.cellweave.util.Parallel
import org.cellweave.util.Reproducibility
import java.nio.file.Path
import java.time.Duration

/** Settings of a session, with scanpy's names and defaults. */
public object Settings {
    private const val GIB = 1024.0 * 1024.0 * 1024.0

    /** 0 errors, 1 warnings (default), 2 info, 3 hints, 4 debug. */
    public var verbosity: Int = 1
        set(value) {
            require(value in 0..4) { "verbosity must lie in 0..4, got $value" }
            field = value
        }

    /**
     * Which defaults verbs have: `ScanpyV1` (default) those of scanpy 1, `ScanpyV2Preview` those announced for scanpy 2.
     *
     * The preview differs in `highlyVariableGenes` (`flavor = "seurat_v3_paper"`), `rankGenesGroups`
     * (`method = "wilcoxon"`, `meanInLogSpace = false`), `scoreGenes` (`ctrlAsRef = false`), `scale` (`zeroCenter` must
     * be given) and in where `pca`, `umap`, `tsne`, `diffmap` and `drawGraph` put their results (`umap`, not `X_umap`).
     * What the caller gives counts in any case. The defaults of `leiden` are the same in both.
     */
    public var preset: String = Preset.SCANPY_V1.spelling
        set(value) {
            field = Preset.of(value).spelling
        }

    /** Number of threads; results do not depend on it. All cores by default. */
    public var nJobs: Int
        get() = Parallel.threads()
        set(value) {
            Parallel.threads(if (value < 0) Runtime.getRuntime().availableProcessors() else value)
        }

    /**
     * Memory in GiB for rows that stay in a file and could be read again (`sc.readH5ad(path, backed = "r")`); half of
     * the heap by default. They are held packed, in about two bytes a count, and give way to anything else. Results do
     * not depend on it, only how often a file is read.
     */
    public var maxMemory: Number
        get() = MemoryBudget.limit() / GIB
        set(value) {
            require(value.toDouble() >= 0) { "sc.settings.maxMemory must not be negative, got $value" }
            MemoryBudget.limit((value.toDouble() * GIB).toLong())
        }

    /**
     * On what the last bits of results may depend. `"machine"` (default): on the machine alone, not on the number of
     * threads. `"everywhere"`: on nothing, so that every x86-64 machine with AVX2 gives the same numbers; products of
     * matrices are about a third slower, and elementary functions two to four times. Models trained by TensorFlow are
     * left out, and so are pictures.
     *
     * It must be set before anything is computed: in a script's first line, by the launcher's `--reproducible` or the
     * environment's `CELLWEAVE_REPRODUCIBLE`. `sc.session()` tells what a paper should say.
     *
     * @throws IllegalStateException if something was computed already
     */
    public var reproducible: String
        get() = Reproducibility.current().spelling()
        set(value) {
            Reproducibility.choose(
                Check.oneOf(value, Reproducibility::class.java, "sc.settings.reproducible"),
            )
        }

    /** Number of principal components computed when none is asked for. */
    public var nPcs: Int = 50

    /** Folder for figures saved under a bare name: a text, a `Path` or a `File`, as of the folders below. */
    public var figdir: Any
        get() = figureFolder
        set(value) {
            figureFolder = fileOf(value, "sc.settings.figdir")
        }

    internal var figureFolder: Path = Path.of("figures")
        private set

    /** Ending used when a figure's name has none: `svg`, `png`, `html` or `pdf`. */
    public var fileFormatFigs: String = "pdf"
        set(value) {
            field = figureFormat(value)
        }

    internal var figures: FigureStyle = FigureStyle()

    /** Whether every figure is saved under its verb's name in [figdir]. */
    public var autosave: Boolean = false

    /**
     * When a file that was written waits for the disk before it gets its name: `when_replacing` an older file
     * (default), `always`, or `never`, which is faster and what Python does. A failing program harms no older file in
     * any case; after a power cut, only a write that waited is sure to leave either the old file or the new one.
     */
    public var syncWrites: String = "when_replacing"
        set(value) {
            Check.oneOf(value, Sync::class.java, "sc.settings.syncWrites")
            field = value
        }

    /**
     * Whether a verb of `sc.pl` shows its figure as it runs, where the place can show figures: a notebook can. It
     * returns the figure in any case.
     */
    public var autoshow: Boolean = true

    /** Folder for what `cache = true` of `sc.read` and `sc.read10xMtx` keeps. */
    public var cachedir: Any
        get() = cacheFolder
        set(value) {
            cacheFolder = fileOf(value, "sc.settings.cachedir")
        }

    internal var cacheFolder: Path = Path.of("cache")
        private set

    /** Folder for downloaded data sets. */
    public var datasetdir: Any
        get() = datasetFolder
        set(value) {
            datasetFolder = fileOf(value, "sc.settings.datasetdir")
        }

    internal var datasetFolder: Path = Path.of("data")
        private set

    /**
     * Kinds of addresses that downloads may come from: `https` and, of this machine itself, `http`. Add `http` or
     * `file` to allow them too.
     */
    public var downloadSchemes: Set<String> = RemoteFile.SCHEMES
        set(value) {
            val known = setOf("https", "http", "file")
            require(known.containsAll(value)) { "sc.settings.downloadSchemes may hold $known, got ${value - known}" }
            field = value
        }

    /** How long a server may be silent during a download. */
    public var downloadTimeout: Duration = RemoteFile.PATIENCE
        set(value) {
            require(value > Duration.ZERO) { "sc.settings.downloadTimeout must be positive, got $value" }
            field = value
        }

    /** Whether long work shows a progress bar; by default only in a terminal. */
    public var progress: Boolean =
        System.getProperty("cellweave.terminal")?.toBooleanStrictOrNull() ?: (System.console() != null)
}
