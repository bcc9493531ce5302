package org.cellweave.spark

import org.cellweave.data.AnnData
import org.cellweave.data.concat.Concat
import org.cellweave.dsl.Cellweave
import org.cellweave.dsl.sc
import org.cellweave.io.H5adReader
import org.cellweave.io.ZarrReader
import org.cellweave.util.FilePath
import java.io.File
import java.nio.file.Path

/** Objects whose rows stay in files and are worked on by the executors of Apache Spark. */
public val Cellweave.spark: SparkDoor get() = SparkDoor

/**
 * What `sc.spark` offers. What is read here is an object like any other: `sc.pp`, `sc.tl` and `sc.pl` take it, run
 * their passes over `X` on the executors, and give the same bits as on one machine.
 */
public object SparkDoor {
    /**
     * Starts the session, or goes on with the one that runs. A script that was started with `--spark MASTER_URL` or
     * by `spark-submit` needs no such line.
     *
     * @param master `local[N]` (N cores of this machine), `spark://HOST:PORT`, `yarn` or `k8s://URL`; by default the
     *   one that the script was started with
     * @param conf settings of Spark by their names: `"spark.executor.memory" to "8g"`
     * @throws IllegalArgumentException when the master is of no known kind, or does not answer
     * @throws IllegalStateException when a session runs on another master, and when the JVM was not started for Spark
     */
    public fun session(
        master: String? = null,
        vararg conf: Pair<String, Any>,
    ) {
        present { SparkSessions.start(master, conf.associate { (name, value) -> name to value.toString() }) }
    }

    /** Ends the session, and with it what was read there. */
    public fun stop() {
        present { SparkSessions.stop() }
    }

    /**
     * Reads `.h5ad` files. `X`, layers and `raw` stay in them, and executors read their rows in place: every machine
     * must see the files under the same names. Tables, embeddings and graphs are on the driver.
     *
     * @param files one or a list; several become one object, cell after cell, with the genes that all have (as
     *   `sc.concat`)
     * @param label column that tells of which file a cell is, named by [keys]
     * @param keys names of the files for [label] and [indexUnique]; 0, 1, 2, ... by default
     * @param indexUnique joins a cell's name and its file's key; null leaves names as they are
     * @throws IllegalArgumentException when a file holds `X` dense or by column
     */
    public fun readH5ad(
        files: Any,
        label: String? = null,
        keys: List<String>? = null,
        indexUnique: String? = null,
    ): AnnData = read(files, label, keys, indexUnique) { H5adReader.read(it, BACKED) }

    /** Reads zarr stores, as [readH5ad]. */
    public fun readZarr(
        files: Any,
        label: String? = null,
        keys: List<String>? = null,
        indexUnique: String? = null,
    ): AnnData = read(files, label, keys, indexUnique) { ZarrReader.read(it, BACKED) }

    /**
     * Writes [adata] into a folder: `X`, and layers and `raw` that stay in files, as blocks of rows in Parquet, as they
     * stand now (selected, normalised, with logarithms) and by the executors that work on them; everything else in
     * `annotations.h5ad`. The folder must be one that every machine sees, and not be there yet.
     */
    public fun writeParquet(
        adata: AnnData,
        folder: Any,
    ) {
        val path = fileOf(folder, "folder")
        present { SparkFolder.write(adata, path) }
    }

    /** Reads what [writeParquet] wrote; executors read the rows in place. */
    public fun readParquet(folder: Any): AnnData {
        val path = fileOf(folder, "folder")
        return present { SparkFolder.read(SparkSessions.current(), path) }
    }

    /**
     * Writes as [writeParquet], and goes on with what lies in [folder]: later passes read that, and do not repeat what
     * was done to the rows before. Worth it after a selection of cells or genes, and before many passes.
     *
     * @return [adata]
     */
    public fun cache(
        adata: AnnData,
        folder: Any,
    ): AnnData {
        val path = fileOf(folder, "folder")
        return present { SparkFolder.cache(SparkSessions.current(), adata, path) }
    }

    private fun read(
        files: Any,
        label: String?,
        keys: List<String>?,
        indexUnique: String?,
        opened: (Path) -> AnnData,
    ): AnnData {
        val several = if (files is Iterable<*> && files !is Path) files.toList() else listOf(files)
        val paths = several.map { fileOf(it, "files") }
        val params =
            Concat.Params
                .builder()
                .label(label)
                .keys(keys)
                .indexUnique(indexUnique)
                .build()
        val result = present { SparkFiles.read(SparkSessions.current(), paths, opened, params) }
        result.warnings().forEach { sc.logging.warning(it) }
        return result.adata()
    }

    private val BACKED = H5adReader.Options(true, H5adReader.Options.DEFAULTS.progress()) { sc.logging.warning(it) }
}

/** The whole object in the memory of this process, as `toMemory()`. */
public fun AnnData.toLocal(): AnnData = toMemory()

internal fun fileOf(
    given: Any?,
    name: String,
): Path =
    when (given) {
        is String -> FilePath.of(given)
        is Path -> given
        is File -> given.toPath()
        else -> throw IllegalArgumentException(
            "$name must be a text, a Path or a File, or a list of them, got " +
                (given?.let { "a ${it::class.simpleName}" } ?: "null"),
        )
    }

/** Says what to do where Spark is not on the class path. */
internal fun <T> present(body: () -> T): T =
    try {
        body()
    } catch (e: NoClassDefFoundError) {
        if (e.message.orEmpty().contains("spark")) {
            throw IllegalStateException(
                "Apache Spark is not there: start the script by cellweave --spark MASTER_URL, or by spark-submit",
                e,
            )
        }
        throw e
    }
