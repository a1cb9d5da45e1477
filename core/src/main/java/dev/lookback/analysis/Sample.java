package dev.lookback.analysis;

import dev.lookback.network.State;
import dev.lookback.window.Window;

/**
 * A held-out window and the state that enters it: what a gradient is measured on.
 *
 * @param window the steps and their targets
 * @param state copied before use
 */
public record Sample(Window window, State state) {}
