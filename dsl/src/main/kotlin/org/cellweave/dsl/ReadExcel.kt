package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.dsl.session.fileOf
import org.cellweave.io.format.Excel
import java.nio.file.Path

/**
 * Reads numbers from a sheet of an `.xlsx` file, names of the genes in its first row and of the cells in its first
 * column. See [Excel].
 *
 * @param sheet its name, or its number from 0
 */
public fun Cellweave.readExcel(
    filename: Any,
    sheet: Any,
    dtype: Any? = null,
): AnnData = sheetOf(fileOf(filename), sheet).typed(dtype).warnOfRepeatedNames()

internal fun sheetOf(file: Path, sheet: Any): AnnData =
    when (sheet) {
        is Int -> Excel.read(file, sheet)
        is String -> Excel.read(file, sheet)
        else -> throw IllegalArgumentException("sheet must be a name or a number from 0, got $sheet")
    }
