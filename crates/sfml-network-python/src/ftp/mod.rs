//! FTP for Python: `Ftp`, what its calls return, and its options.

mod argument;
mod client;
mod entry;
mod failure;
mod file;
mod options;
mod response;
mod session;
mod transfer;
mod tree;

use pyo3::prelude::*;

/// Adds the classes of FTP to the extension module.
pub(crate) fn add_to(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_class::<response::FtpResponse>()?;
    module.add_class::<response::FtpDirectoryResponse>()?;
    module.add_class::<response::FtpListingResponse>()?;
    module.add_class::<response::FtpTransferResponse>()?;
    module.add_class::<entry::FtpEntry>()?;
    module.add_class::<options::FtpOptions>()?;
    module.add_class::<client::Ftp>()?;
    response::add_statuses(module.py())?;
    client::add_modes(module.py())
}
