/**
 * Every setting of the hub in one place: {@link dev.reactorhub.config.ConfigKeys} lists them,
 * {@link dev.reactorhub.config.ConfigLoader} reads them from defaults, file, environment and
 * command line, {@link dev.reactorhub.config.HubConfig} holds the settings record of each part.
 * Knows nothing of the parts but those records. Values only, used by the starting thread.
 */
@NullMarked
package dev.reactorhub.config;

import org.jspecify.annotations.NullMarked;
