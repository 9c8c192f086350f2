//! What has to hold of everything that reads what servers send: the checks of the fuzz targets, which reach what only
//! this crate can. In no build but those of the tests and of the fuzzer.

#[path = "../../../../fuzz/checks/http_chunks.rs"]
mod http_chunks;
#[path = "../../../../fuzz/checks/http_head.rs"]
mod http_head;
#[path = "../../../../fuzz/checks/http_proxy.rs"]
mod http_proxy;
#[path = "../../../../fuzz/checks/http_range.rs"]
mod http_range;
#[path = "../../../../fuzz/checks/http_response.rs"]
mod http_response;
#[path = "../../../../fuzz/checks/http_url.rs"]
mod http_url;

pub use self::http_chunks::check as chunks;
pub use self::http_head::check as head;
pub use self::http_proxy::check as proxy;
pub use self::http_range::check as range;
pub use self::http_response::check as response;
pub use self::http_url::check as url;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seeds;

    #[test]
    fn seeds_of_chunks_pass_their_check() {
        seeds::run("http_chunks", chunks);
    }

    #[test]
    fn seeds_of_headers_pass_their_check() {
        seeds::run("http_head", head);
    }

    #[test]
    fn seeds_of_proxies_pass_their_check() {
        seeds::run("http_proxy", proxy);
    }

    #[test]
    fn seeds_of_ranges_pass_their_check() {
        seeds::run("http_range", range);
    }

    #[test]
    fn seeds_of_responses_pass_their_check() {
        seeds::run("http_response", response);
    }

    #[test]
    fn seeds_of_urls_pass_their_check() {
        seeds::run("http_url", url);
    }
}
