import eu.europa.esig.dss.enumerations.CertificationPermission;
import eu.europa.esig.dss.enumerations.DigestAlgorithm;
import eu.europa.esig.dss.enumerations.SignatureLevel;
import eu.europa.esig.dss.model.DSSDocument;
import eu.europa.esig.dss.model.FileDocument;
import eu.europa.esig.dss.model.InMemoryDocument;
import eu.europa.esig.dss.model.SignatureValue;
import eu.europa.esig.dss.pades.PAdESSignatureParameters;
import eu.europa.esig.dss.pades.SignatureFieldParameters;
import eu.europa.esig.dss.pades.SignatureImageParameters;
import eu.europa.esig.dss.pades.signature.PAdESService;
import eu.europa.esig.dss.service.crl.OnlineCRLSource;
import eu.europa.esig.dss.service.ocsp.OnlineOCSPSource;
import eu.europa.esig.dss.service.tsp.OnlineTSPSource;
import eu.europa.esig.dss.spi.DSSUtils;
import eu.europa.esig.dss.spi.validation.CommonCertificateVerifier;
import eu.europa.esig.dss.spi.x509.CommonTrustedCertificateSource;
import eu.europa.esig.dss.token.DSSPrivateKeyEntry;
import eu.europa.esig.dss.token.Pkcs12SignatureToken;
import java.nio.file.Path;
import java.security.KeyStore.PasswordProtection;
import java.util.Date;
import org.apache.pdfbox.pdmodel.common.PDRectangle;

/** EU DSS as its manual shows it: PAdES baseline B or LTA. It makes no files of its own. */
final class DssProgram implements Program {
    @Override
    public void create(String kind, Path out) {
        throw new UnsupportedOperationException("DSS signs what others made");
    }

    @Override
    public void sign(Order order, Path out) throws Exception {
        try (Pkcs12SignatureToken token =
                new Pkcs12SignatureToken(order.pkcs12().toFile(), new PasswordProtection(order.phrase()))) {
            DSSPrivateKeyEntry key = token.getKeys().get(0);
            PAdESSignatureParameters parameters = new PAdESSignatureParameters();
            parameters.setSignatureLevel(
                    order.lasting() ? SignatureLevel.PAdES_BASELINE_LTA : SignatureLevel.PAdES_BASELINE_B);
            parameters.setDigestAlgorithm(DigestAlgorithm.SHA256);
            parameters.setSigningCertificate(key.getCertificate());
            parameters.setCertificateChain(key.getCertificateChain());
            parameters.bLevel().setSigningDate(new Date());
            if (order.permission() != 0) {
                parameters.setPermission(CertificationPermission.fromCode(order.permission()));
            }
            if (order.visible()) {
                parameters.setImageParameters(mark(order));
            }
            PAdESService service = service(order);
            DSSDocument document = new FileDocument(order.in().toFile());
            SignatureValue value =
                    token.sign(service.getDataToSign(document, parameters), DigestAlgorithm.SHA256, key);
            service.signDocument(document, parameters, value).save(out.toString());
        }
    }

    private static PAdESService service(Order order) {
        CommonCertificateVerifier verifier = new CommonCertificateVerifier();
        PAdESService service = new PAdESService(verifier);
        if (order.lasting()) {
            CommonTrustedCertificateSource trusted = new CommonTrustedCertificateSource();
            trusted.addCertificate(DSSUtils.loadCertificate(order.anchor().toFile()));
            verifier.setTrustedCertSources(trusted);
            verifier.setOcspSource(new OnlineOCSPSource());
            verifier.setCrlSource(new OnlineCRLSource());
            service.setTspSource(new OnlineTSPSource(order.timestamps()));
        }
        return service;
    }

    private static SignatureImageParameters mark(Order order) throws Exception {
        SignatureFieldParameters place = new SignatureFieldParameters();
        place.setPage(1);
        place.setOriginX(order.rectangle()[0]);
        place.setOriginY(PDRectangle.A4.getHeight() - order.rectangle()[3]);
        place.setWidth(order.width());
        place.setHeight(order.height());
        SignatureImageParameters mark = new SignatureImageParameters();
        mark.setImage(new InMemoryDocument(order.picture(), "mark.png"));
        mark.setFieldParameters(place);
        return mark;
    }
}
