package org.cellweave.verbs

/** A record as the Java core has them; compiled, so that its values can be read. */
public class SampleParams(
    private val tol: Double,
    private val limit: Int?,
    private val mode: SampleMode,
    private val weights: DoubleArray,
    private val title: String,
) {
    public fun tol(): Double = tol

    public fun limit(): Int? = limit

    public fun mode(): SampleMode = mode

    public fun weights(): DoubleArray = weights

    public fun title(): String = title

    public fun names(): Map<String, String> = java.util.Map.of("b", "2", "c", "3", "a", "1")

    public companion object {
        @JvmField
        public val DEFAULTS: SampleParams =
            SampleParams(1e-4, null, SampleMode.FAST_MODE, doubleArrayOf(1.0, 2.5), "a \"b\"")
    }
}

public enum class SampleMode {
    FAST_MODE,
    SLOW_MODE,
    ;

    /** Throws for one entry: then the argument must be given. */
    public fun steps(): Int = if (this == FAST_MODE) 3 else error("no default")

    public fun key(name: String): String? = if (this == SLOW_MODE) name else null
}

internal fun SampleMode.spelled(): String = name.lowercase()

/** The text of [spelled] and of a setting, as the generator would read it from this file. */
internal const val SAMPLES = """
package org.cellweave.verbs

internal fun SampleMode.spelled(): String = name.lowercase()
internal val setting: SampleMode get() = SampleMode.FAST_MODE
private const val FOREIGN = 1
const val SHARED_TITLE = "Mean"
"""

/** A namespace with a root of its own, which only tests know. */
internal const val SCVI = """
package org.cellweave.verbs.scvi

public val scvi: Scvi get() = Scvi

/** Models of counts. More here. */
public object Scvi {
    /** Namespace of settings. */
    public val settings: ScviSettings get() = ScviSettings
}

public object ScviSettings {
    /** Sets the seed. */
    public fun seed(value: Long) {}

    internal fun hidden() {}

    override fun toString(): String = "settings"
}
"""

/** The index of such files. */
internal fun indexOf(vararg texts: String): Index =
    Sources(texts.withIndex().associate { (i, text) -> (if (text === SAMPLES) "Samples.kt" else "$i.kt") to text })
        .use { VerbReader(it, SampleParams::class.java.classLoader).index() }
