/**
 * A trail that delivers to a log destination.
 *
 * @packageDocumentation
 */
export { Trail, type TrailProps, type TrailSettings } from "./trail";
export type { ModuleOptions } from "../module-options";
