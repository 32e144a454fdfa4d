package dev.reactorhub.log;

/**
 * Where an event stands after an append.
 *
 * @param id the event's id
 * @param seq its place: 1 or more
 * @param duplicate true when an event with this id was stored before within the dedup window; seq
 *     is then the first one's
 */
public record Appended(String id, long seq, boolean duplicate) {}
