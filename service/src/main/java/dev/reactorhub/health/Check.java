package dev.reactorhub.health;

/**
 * One answer to "is this as it should be?".
 *
 * @param name what was looked at, in small letters
 * @param isUp whether it is as it should be
 * @param reason one sentence for the operator
 */
public record Check(String name, boolean isUp, String reason) {}
