import com.itextpdf.forms.fields.PdfFormCreator;
import com.itextpdf.forms.fields.TextFormFieldBuilder;
import com.itextpdf.forms.form.element.SignatureFieldAppearance;
import com.itextpdf.kernel.geom.PageSize;
import com.itextpdf.kernel.geom.Rectangle;
import com.itextpdf.kernel.pdf.PdfDocument;
import com.itextpdf.kernel.pdf.PdfReader;
import com.itextpdf.kernel.pdf.PdfString;
import com.itextpdf.kernel.pdf.PdfWriter;
import com.itextpdf.kernel.pdf.StampingProperties;
import com.itextpdf.kernel.pdf.WriterProperties;
import com.itextpdf.layout.Document;
import com.itextpdf.layout.element.Paragraph;
import com.itextpdf.signatures.AccessPermissions;
import com.itextpdf.signatures.BouncyCastleDigest;
import com.itextpdf.signatures.CrlClientOnline;
import com.itextpdf.signatures.OcspClientBouncyCastle;
import com.itextpdf.signatures.PdfPadesSigner;
import com.itextpdf.signatures.PdfSigner;
import com.itextpdf.signatures.PrivateKeySignature;
import com.itextpdf.signatures.SignerProperties;
import com.itextpdf.signatures.TSAClientBouncyCastle;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.List;

/** iText Core as its manual shows it. A program of these tests alone: its licence is the AGPL. */
final class ITextProgram implements Program {
    @Override
    public void create(String kind, Path out) throws Exception {
        WriterProperties properties = new WriterProperties().setFullCompressionMode(kind.equals("packed"));
        try (PdfDocument document = new PdfDocument(new PdfWriter(out.toString(), properties))) {
            if (kind.equals("tagged")) {
                document.setTagged();
                document.getCatalog().setLang(new PdfString("vi"));
            }
            try (Document layout = new Document(document, PageSize.A4)) {
                layout.add(new Paragraph(TEXT));
                if (kind.equals("form")) {
                    PdfFormCreator.getAcroForm(document, true)
                            .addField(
                                    new TextFormFieldBuilder(document, "Amount")
                                            .setWidgetRectangle(new Rectangle(72, 480, 180, 20))
                                            .createText()
                                            .setValue("1.000.000"));
                }
            }
        }
    }

    @Override
    public void sign(Order order, Path out) throws Exception {
        SignerProperties properties = new SignerProperties().setFieldName(order.field());
        if (order.visible()) {
            float[] r = order.rectangle();
            properties
                    .setPageNumber(1)
                    .setPageRect(new Rectangle(r[0], r[1], order.width(), order.height()))
                    .setSignatureAppearance(
                            new SignatureFieldAppearance(SignerProperties.IGNORED_ID)
                                    .setContent("Signed in " + order.field()));
        }
        if (order.permission() == 2) {
            properties.setCertificationLevel(AccessPermissions.FORM_FIELDS_MODIFICATION);
        } else if (order.permission() != 0) {
            throw new IllegalArgumentException("not asked for so far");
        }
        PrivateKeySignature key = new PrivateKeySignature(order.key(), "SHA-256", "BC");
        StampingProperties append = new StampingProperties().useAppendMode();
        try (PdfReader reader = new PdfReader(order.in().toString());
                OutputStream written = Files.newOutputStream(out)) {
            if (order.lasting()) {
                new PdfPadesSigner(reader, written)
                        .setStampingProperties(append)
                        .setOcspClient(new OcspClientBouncyCastle())
                        .setCrlClient(new CrlClientOnline())
                        .setTrustedCertificates(List.of(anchor(order)))
                        .signWithBaselineLTAProfile(
                                properties, order.chain(), key, new TSAClientBouncyCastle(order.timestamps()));
                return;
            }
            PdfSigner signer = new PdfSigner(reader, written, append);
            signer.setSignerProperties(properties);
            signer.signDetached(
                    new BouncyCastleDigest(),
                    key,
                    order.chain(),
                    null,
                    null,
                    null,
                    0,
                    PdfSigner.CryptoStandard.CADES);
        }
    }

    private static Certificate anchor(Order order) throws Exception {
        try (InputStream in = Files.newInputStream(order.anchor())) {
            return CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
    }
}
