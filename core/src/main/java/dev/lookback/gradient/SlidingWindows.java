package dev.lookback.gradient;

/**
 * Windows, one behind the other, that a sliding coupling goes over.
 *
 * @param coupling how far it looks back
 * @param steps of a window
 * @param carries whether the state, and so the sweeps, go on through the windows' starts
 */
public record SlidingWindows(Coupling.Sliding coupling, int steps, boolean carries) {}
