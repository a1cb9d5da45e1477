/** Models as ONNX files: a graph of operators, written as protocol buffers. */
@NullMarked
package dev.lookback.cli.onnx;

import org.jspecify.annotations.NullMarked;
