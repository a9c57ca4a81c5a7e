package io.timelog.benchmarks.flights;

/**
 * What flights in one order cost one engine. CPU times are means after the warm-up.
 *
 * @param engine id of the engine
 * @param arrival the order of arrival
 * @param events number of flights
 * @param outOfOrderPercent share of them that are older than one that came before
 * @param appendCpuNanos thread CPU per append
 * @param scannedEntryCpuNanos thread CPU per scanned entry
 * @param evictCpuNanos thread CPU per eviction
 * @param processCpuNanos CPU of all threads per event, without making the input
 * @param scanChecksum over all scans on the way; equal for all engines in one order
 * @param finalChecksum over all live entries at the end; equal for all engines in both orders
 */
public record FlightsResult(
    String engine,
    Arrival arrival,
    long events,
    double outOfOrderPercent,
    double appendCpuNanos,
    double scannedEntryCpuNanos,
    double evictCpuNanos,
    double processCpuNanos,
    long scanChecksum,
    long finalChecksum) {}
