package org.cellweave.dsl.plot

import java.io.ByteArrayOutputStream
import java.io.DataOutputStream
import java.util.Base64
import java.util.zip.CRC32
import java.util.zip.Deflater

/** Pixels as 0xAARRGGBB, written as PNG with the same bytes at every call. */
internal class Picture(private val width: Int, private val height: Int, private val pixels: IntArray) {
    /** The picture as a `data:` address. */
    fun toDataUrl(): String = "data:image/png;base64," + Base64.getEncoder().encodeToString(toPng())

    fun toPng(): ByteArray {
        val out = ByteArrayOutputStream()
        val data = DataOutputStream(out)
        data.write(byteArrayOf(0x89.toByte(), 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a))
        val header = ByteArrayOutputStream()
        DataOutputStream(header).apply {
            writeInt(width)
            writeInt(height)
            write(byteArrayOf(8, 6, 0, 0, 0))
        }
        chunk(data, "IHDR", header.toByteArray())
        chunk(data, "IDAT", deflated())
        chunk(data, "IEND", ByteArray(0))
        return out.toByteArray()
    }

    private fun deflated(): ByteArray {
        val lines = ByteArray(height * (width * 4 + 1))
        var at = 0
        for (y in 0 until height) {
            lines[at++] = 0
            for (x in 0 until width) {
                val p = pixels[y * width + x]
                lines[at++] = (p shr 16).toByte()
                lines[at++] = (p shr 8).toByte()
                lines[at++] = p.toByte()
                lines[at++] = (p ushr 24).toByte()
            }
        }
        val deflater = Deflater(Deflater.DEFAULT_COMPRESSION)
        try {
            deflater.setInput(lines)
            deflater.finish()
            val out = ByteArrayOutputStream(lines.size / 4)
            val buffer = ByteArray(1 shl 16)
            while (!deflater.finished()) {
                out.write(buffer, 0, deflater.deflate(buffer))
            }
            return out.toByteArray()
        } finally {
            deflater.end()
        }
    }

    private fun chunk(out: DataOutputStream, type: String, content: ByteArray) {
        val name = type.toByteArray(Charsets.US_ASCII)
        val crc = CRC32()
        crc.update(name)
        crc.update(content)
        out.writeInt(content.size)
        out.write(name)
        out.write(content)
        out.writeInt(crc.value.toInt())
    }
}
