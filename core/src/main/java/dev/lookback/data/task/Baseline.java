package dev.lookback.data.task;

/**
 * What a predictor that lacks something reaches at best.
 *
 * @param name what it has, or what it lacks
 * @param loss its mean loss over the steps that count, in the task's unit
 */
public record Baseline(String name, double loss) {}
