@NullMarked
package dev.lookback.cli.onnx;

import org.jspecify.annotations.NullMarked;
