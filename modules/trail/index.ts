/** A trail that delivers to a log destination. */
export { Trail, type TrailProps, type TrailSettings } from "./trail";
